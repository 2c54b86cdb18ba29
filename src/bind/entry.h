// SPDX-License-Identifier: GPL-3.0-or-later
// C functions for Lua, each with the help that stands beside it.
#ifndef GRAD_BIND_ENTRY_H
#define GRAD_BIND_ENTRY_H

#include <lua.h>

struct grad_entry {
    const char *name;
    lua_CFunction function;
    const char *doc; // as `?name` shows it, or NULL
};

// Adds entries up to one without a name to the table on the stack's top; docs
// go to its field "docs" as prefix + name.
void grad_entries_open(lua_State *L, const struct grad_entry *entries,
                       const char *prefix);

// The same for methods of tensors; the table on the stack's top has the docs.
void grad_methods_open(lua_State *L, const struct grad_entry *entries);

#endif
