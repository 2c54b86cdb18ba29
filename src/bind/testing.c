// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/testing.h"

#include <lauxlib.h>
#include <lualib.h>

#include "engine/autograd.h"
#include "engine/memory.h"

static int testing_fail_at(lua_State *L)
{
    grad_memory_fail_at((long)luaL_optinteger(L, 1, -1));
    return 0;
}

static int testing_failed(lua_State *L)
{
    lua_pushboolean(L, grad_memory_failed());
    return 1;
}

static int testing_plant(lua_State *L)
{
    const char *name = luaL_optstring(L, 1, NULL);
    const struct grad_op *op = name ? grad_op_find(name) : NULL;
    luaL_argcheck(L, op || !name, 1, "no such op");
    grad_plant_fault(op);
    return 0;
}

static int testing_live(lua_State *L)
{
    lua_gc(L, LUA_GCCOLLECT);
    lua_gc(L, LUA_GCCOLLECT); // what finalizers have let go of
    lua_pushinteger(L, (lua_Integer)grad_memory_stats().live);
    return 1;
}

// Lua's own function of `string` with this name, which may not be the one in
// use (bind/strings.h).
static int testing_of_lua(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);
    lua_State *other = luaL_newstate();
    if (!other)
        return luaL_error(L, "not enough memory");
    luaopen_string(other);
    lua_getfield(other, -1, name);
    lua_CFunction f = lua_tocfunction(other, -1);
    lua_close(other);
    luaL_argcheck(L, f, 1, "no such function");
    lua_pushcfunction(L, f);
    return 1;
}

static const luaL_Reg functions[] = {
    {"fail_at", testing_fail_at}, {"failed", testing_failed},
    {"plant", testing_plant},     {"live", testing_live},
    {"of_lua", testing_of_lua},   {NULL, NULL}};

void grad_testing_open(lua_State *L)
{
    luaL_newlib(L, functions);
    lua_setfield(L, -2, "testing");
}
