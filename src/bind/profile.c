// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/profile.h"

#include <lauxlib.h>

#include "engine/profile.h"

static int profile_start(lua_State *L)
{
    grad_profile_start();
    return 0;
}

static int profile_stop(lua_State *L)
{
    grad_profile.on = false;
    return 0;
}

// label(n) -> the one before. Numbers beyond the last share label 0.
static int profile_label(lua_State *L)
{
    lua_Integer label = luaL_checkinteger(L, 1);
    lua_pushinteger(L, grad_profile.label);
    grad_profile.label =
        label > 0 && label < GRAD_PROFILE_LABELS ? (int)label : 0;
    return 1;
}

static const char *name_of(int row)
{
    if (row == GRAD_PROFILE_FUNCTION)
        return "autograd.Function";
    if (row == GRAD_PROFILE_UPDATE)
        return "optimiser's step";
    return grad_op_get((enum grad_op_id)row)->name;
}

// Appends {name or label, calls, forward, backward} to the list on the top.
static void push_row(lua_State *L, const struct grad_profile_row *r,
                     const char *name, int label)
{
    size_t calls = r->forward_calls ? r->forward_calls : r->backward_calls;
    if (calls == 0)
        return;
    lua_createtable(L, 0, 4);
    if (name)
        lua_pushstring(L, name);
    else
        lua_pushinteger(L, label);
    lua_setfield(L, -2, name ? "name" : "label");
    lua_pushinteger(L, (lua_Integer)calls);
    lua_setfield(L, -2, "calls");
    lua_pushnumber(L, r->forward);
    lua_setfield(L, -2, "forward");
    lua_pushnumber(L, r->backward);
    lua_setfield(L, -2, "backward");
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
}

// read() -> list of ops, list of labels
static int profile_read(lua_State *L)
{
    lua_newtable(L);
    for (int i = 0; i < GRAD_PROFILE_ROWS; i++)
        push_row(L, &grad_profile.row[i], name_of(i), 0);
    lua_newtable(L);
    for (int i = 0; i < GRAD_PROFILE_LABELS; i++)
        push_row(L, &grad_profile.labelled[i], NULL, i);
    return 2;
}

void grad_profile_open(lua_State *L)
{
    static const luaL_Reg functions[] = {{"start", profile_start},
                                         {"stop", profile_stop},
                                         {"label", profile_label},
                                         {"read", profile_read},
                                         {NULL, NULL}};
    luaL_newlib(L, functions);
    lua_setfield(L, -2, "profiler");
}
