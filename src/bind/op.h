// SPDX-License-Identifier: GPL-3.0-or-later
// The op table as Lua functions: arguments are read as the row's signature
// says.
#ifndef GRAD_BIND_OP_H
#define GRAD_BIND_OP_H

#include <lua.h>

// Adds every op to the table on the stack's top as a function, and to the
// methods where the row says so, with its in-place form; sets "docs" and
// "ops".
void grad_op_open(lua_State *L);

// Adds __add and the other operators to the metatable on the stack's top.
void grad_op_metamethods(lua_State *L);

#endif
