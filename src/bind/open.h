// SPDX-License-Identifier: GPL-3.0-or-later
// Opens everything that gradus adds to a Lua state.
#ifndef GRAD_BIND_OPEN_H
#define GRAD_BIND_OPEN_H

#include <lua.h>

// Preloads the C modules (`gradus.core`), lets `require "gradus.X"` find the
// Lua library and runs its init.lua, which puts the parts among the globals.
// Call it protected: it raises if the library cannot be found or loaded.
void grad_bind_open(lua_State *L);

#endif
