// SPDX-License-Identifier: GPL-3.0-or-later
// x:stats{...} and x:histc(...).
#ifndef GRAD_BIND_STATS_H
#define GRAD_BIND_STATS_H

#include <lua.h>

// Adds both to the table on the stack's top and to the methods of tensors.
void grad_stats_open(lua_State *L);

#endif
