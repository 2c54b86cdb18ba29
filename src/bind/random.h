// SPDX-License-Identifier: GPL-3.0-or-later
// Random tensors, the session's seed, and math.random on the same seed.
#ifndef GRAD_BIND_RANDOM_H
#define GRAD_BIND_RANDOM_H

#include <lua.h>

// Adds them to the table on the stack's top and to the methods of tensors.
void grad_random_open(lua_State *L);

// Puts math.random and math.randomseed on the session's seed.
void grad_random_math(lua_State *L);

#endif
