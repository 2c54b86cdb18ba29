// SPDX-License-Identifier: GPL-3.0-or-later
#include "repl/passing.h"

#include <lauxlib.h>

#include "repl/stop.h"

// Nested coroutine.close beyond this overflows the C stack of Lua 5.4.4.
#define MAX_NESTED_CLOSE 5000

// pcall and xpcall, which do not hold a stop.

static int finish_pcall(lua_State *L, int status, lua_KContext extra)
{
    if (status == LUA_OK || status == LUA_YIELD)
        return lua_gettop(L) - (int)extra;
    if (grad_stop_is_on())
        return grad_stop_raise(L);
    lua_pushboolean(L, 0);
    lua_pushvalue(L, -2);
    return 2;
}

static int safe_pcall(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_pushboolean(L, 1);
    lua_insert(L, 1); // true, function, arguments
    int status =
        lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, finish_pcall);
    return finish_pcall(L, status, 0);
}

// The handler of an xpcall, upvalue 1, which does not hear of a stop: it would
// run inside of the hook, where nothing could stop it.
static int handle_error(lua_State *L)
{
    if (grad_stop_is_on())
        return 1;
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 1);
    return 1;
}

static int safe_xpcall(lua_State *L)
{
    int n = lua_gettop(L);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, handle_error, 1);
    lua_replace(L, 2);
    lua_pushboolean(L, 1);
    lua_pushvalue(L, 1);
    lua_rotate(L, 3, 2); // function, handler, true, function, arguments
    int status = lua_pcallk(L, n - 2, LUA_MULTRET, 2, 2, finish_pcall);
    return finish_pcall(L, status, 2);
}

// Coroutines: what runs follows them, and a stop passes through them.

static lua_State *get_coroutine(lua_State *L)
{
    lua_State *co = lua_tothread(L, 1);
    luaL_argexpected(L, co, 1, "coroutine");
    return co;
}

// Moves `n` arguments to co, runs it and moves the results (their number is
// returned) or one error message (-1) back.
static int resume(lua_State *L, lua_State *co, int n)
{
    if (!lua_checkstack(co, n)) {
        lua_pushliteral(L, "too many arguments to resume");
        return -1;
    }
    int results = 0;
    lua_xmove(L, co, n);
    lua_State *before = grad_stop_enter(co);
    int status = lua_resume(co, L, n, &results);
    grad_stop_leave(before);
    if (status != LUA_OK && status != LUA_YIELD) {
        lua_xmove(co, L, 1);
        return -1;
    }
    if (!lua_checkstack(L, results + 1)) {
        lua_pop(co, results);
        lua_pushliteral(L, "too many results to resume");
        return -1;
    }
    lua_xmove(co, L, results);
    return results;
}

static int safe_resume(lua_State *L)
{
    lua_State *co = get_coroutine(L);
    int results = resume(L, co, lua_gettop(L) - 1);
    if (results < 0 && grad_stop_is_on())
        return grad_stop_raise(L);
    lua_pushboolean(L, results >= 0);
    lua_insert(L, results < 0 ? -2 : -(results + 1));
    return results < 0 ? 2 : results + 1;
}

static int call_wrapped(lua_State *L)
{
    lua_State *co = lua_tothread(L, lua_upvalueindex(1));
    int results = resume(L, co, lua_gettop(L));
    if (results >= 0)
        return results;
    int status = lua_status(co);
    if (!grad_stop_is_on() && status != LUA_OK && status != LUA_YIELD) {
        lua_State *before = grad_stop_enter(co);
        if (lua_resetthread(co) != LUA_OK)
            lua_xmove(co, L, 1);
        grad_stop_leave(before);
    }
    if (grad_stop_is_on())
        return grad_stop_raise(L);
    if (lua_type(L, -1) == LUA_TSTRING) {
        luaL_where(L, 1);
        lua_insert(L, -2);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

static int safe_wrap(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_State *co = lua_newthread(L);
    lua_pushvalue(L, 1);
    lua_xmove(L, co, 1);
    lua_pushcclosure(L, call_wrapped, 1);
    return 1;
}

// Upvalue 1 is Lua's own coroutine.close, which checks and does the work.
static int safe_close(lua_State *L)
{
    static int nested;
    lua_State *co = get_coroutine(L);
    if (nested >= MAX_NESTED_CLOSE)
        return luaL_error(L, "too many nested coroutine.close");
    if (grad_stop_is_on())
        return grad_stop_raise(L);
    if (grad_stop_has_ended(L, 1)) {
        lua_pushboolean(L, 0);
        lua_pushliteral(L, "interrupted");
        return 2;
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_State *before = grad_stop_enter(co);
    nested++;
    int status = lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0);
    nested--;
    grad_stop_leave(before);
    if (grad_stop_is_on())
        return grad_stop_raise(L);
    return status == LUA_OK ? lua_gettop(L) : lua_error(L);
}

// load keeps an error of its reader. Upvalue 1 is Lua's own.
static int safe_load(lua_State *L)
{
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return grad_stop_is_on() ? grad_stop_raise(L) : lua_gettop(L);
}

void grad_passing_install(lua_State *L)
{
    lua_getglobal(L, "load");
    lua_pushcclosure(L, safe_load, 1);
    lua_setglobal(L, "load");
    lua_register(L, "pcall", safe_pcall);
    lua_register(L, "xpcall", safe_xpcall);
    lua_getglobal(L, "coroutine");
    lua_pushcfunction(L, safe_resume);
    lua_setfield(L, -2, "resume");
    lua_pushcfunction(L, safe_wrap);
    lua_setfield(L, -2, "wrap");
    lua_getfield(L, -1, "close");
    lua_pushcclosure(L, safe_close, 1);
    lua_setfield(L, -2, "close");
    lua_pop(L, 1);
}
