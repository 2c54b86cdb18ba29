// SPDX-License-Identifier: GPL-3.0-or-later
// Opens everything that gradus adds to a Lua state.
#ifndef GRAD_BIND_OPEN_H
#define GRAD_BIND_OPEN_H

#include <lua.h>

// A new Lua state on the allocator of bind/allocator.h, NULL without memory.
// (A state must have one allocator from its first block to its last: blocks
// of another would not have the sizes that the lists of free ones promise.)
lua_State *grad_bind_new(void);

// Preloads the C modules (`gradus.core`), lets `require "gradus.X"` find the
// Lua library and runs its init.lua, which puts the parts among the globals.
// Call it protected: it raises if the library cannot be found or loaded.
void grad_bind_open(lua_State *L);

// lua_close for a state made by grad_bind_new.
void grad_bind_close(lua_State *L);

#endif
