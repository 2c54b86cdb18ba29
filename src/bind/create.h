// SPDX-License-Identifier: GPL-3.0-or-later
// Making tensors from Lua values, and the engine's settings.
#ifndef GRAD_BIND_CREATE_H
#define GRAD_BIND_CREATE_H

#include <lua.h>

// Adds tensor constructors to the table on the stack's top, with their docs
// to its field "docs".
void grad_create_open(lua_State *L);

// Adds memory, threads and their kin.
void grad_settings_open(lua_State *L);

// A C function and the help that stands beside it.
struct grad_entry {
    const char *name;
    lua_CFunction function;
    const char *doc;
};
// Adds entries up to one without a name to the table on the stack's top; docs
// go to its field "docs" as prefix + name, where they are not NULL.
void grad_entries_open(lua_State *L, const struct grad_entry *entries,
                       const char *prefix);
// The same for methods of tensors; the table on the stack's top has the docs.
void grad_methods_open(lua_State *L, const struct grad_entry *entries);

#endif
