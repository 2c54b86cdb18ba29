// SPDX-License-Identifier: GPL-3.0-or-later
// What x[i], x.name and assignments to them mean; the metatable's events.
#ifndef GRAD_BIND_INDEX_H
#define GRAD_BIND_INDEX_H

#include <lua.h>

// __index, a closure over the table of methods, and __newindex.
int grad_tensor_index(lua_State *L);
int grad_tensor_newindex(lua_State *L);

#endif
