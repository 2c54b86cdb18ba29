// SPDX-License-Identifier: GPL-3.0-or-later
// pcall, xpcall, load and the functions of coroutines that let a stop pass
// (see stop.h) and behave as Lua's own otherwise.
#ifndef GRAD_REPL_PASSING_H
#define GRAD_REPL_PASSING_H

#include <lua.h>

// Puts them in place of Lua's. May raise (out of memory).
void grad_passing_install(lua_State *L);

#endif
