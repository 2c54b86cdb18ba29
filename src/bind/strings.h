// SPDX-License-Identifier: GPL-3.0-or-later
// find, match, gmatch, gsub and rep of Lua's `string`, in a form that Ctrl-C
// and the watch over guest code can stop. They do what Lua 5.4's do.
#ifndef GRAD_BIND_STRINGS_H
#define GRAD_BIND_STRINGS_H

#include <lua.h>

// Puts them in place of Lua's own.
void grad_strings_install(lua_State *L);

#endif
