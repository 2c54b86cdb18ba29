// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/entry.h"

#include "bind/box.h"

// Stack: the target, docs.
static void add_entries(lua_State *L, const struct grad_entry *entries,
                        const char *prefix)
{
    for (; entries->name; entries++) {
        lua_pushcfunction(L, entries->function);
        lua_setfield(L, -3, entries->name);
        if (!entries->doc)
            continue;
        lua_pushfstring(L, "%s%s", prefix, entries->name);
        lua_pushstring(L, entries->doc);
        lua_rawset(L, -3);
    }
    lua_pop(L, 1);
}

void grad_entries_open(lua_State *L, const struct grad_entry *entries,
                       const char *prefix)
{
    lua_getfield(L, -1, "docs");
    add_entries(L, entries, prefix);
}

void grad_methods_open(lua_State *L, const struct grad_entry *entries)
{
    grad_methods_push(L);
    lua_getfield(L, -2, "docs");
    add_entries(L, entries, "tensor:");
    lua_pop(L, 1);
}
