// SPDX-License-Identifier: GPL-3.0-or-later
// The engine's profile for lua/profile.lua.
#ifndef GRAD_BIND_PROFILE_H
#define GRAD_BIND_PROFILE_H

#include <lua.h>

// Fills the table on the stack's top.
void grad_profile_open(lua_State *L);

#endif
