// SPDX-License-Identifier: GPL-3.0-or-later
#include "repl/stop.h"

#include <lauxlib.h>
#include <signal.h>

// After the first error every so many instructions another one is raised, for
// code that C functions (load with a reader, for one) have kept running. What
// is to be put in order by __close, a last picture say, needs fewer.
#define INSTRUCTIONS_UNTIL_NEXT 10000000

static lua_State *volatile running; // state that executes now
static volatile sig_atomic_t stopping;

bool grad_stop_is_on(void)
{
    return stopping;
}

int grad_stop_raise(lua_State *L)
{
    lua_pushliteral(L, "interrupted");
    return lua_error(L);
}

// In a state that an error left from inside a hook Lua calls no hook any more:
// what its pending __close functions do could not be stopped. Such coroutines
// are remembered, as weak keys, and never closed.

static const char stopped_key = 0;

static void push_stopped(lua_State *L)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &stopped_key) == LUA_TTABLE)
        return;
    lua_pop(L, 1);
    lua_newtable(L);
    lua_newtable(L);
    lua_pushliteral(L, "k");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &stopped_key);
}

static void remember_stopped(lua_State *L)
{
    if (!lua_checkstack(L, 5))
        return;
    push_stopped(L);
    lua_pushthread(L);
    lua_pushboolean(L, 1);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

bool grad_stop_has_ended(lua_State *L, int index)
{
    lua_pushvalue(L, index);
    push_stopped(L);
    lua_insert(L, -2);
    bool was = lua_rawget(L, -2) != LUA_TNIL;
    lua_pop(L, 2);
    return was;
}

static void stop_hook(lua_State *L, lua_Debug *ar)
{
    if (!stopping) {
        lua_sethook(L, NULL, 0, 0);
        return;
    }
    lua_sethook(L, stop_hook, LUA_MASKCOUNT, INSTRUCTIONS_UNTIL_NEXT);
    remember_stopped(L);
    grad_stop_raise(L);
}

static void arm(lua_State *L)
{
    lua_sethook(L, stop_hook, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1);
}

void grad_stop_now(void)
{
    stopping = 1;
    if (running)
        arm(running);
}

lua_State *grad_stop_set_running(lua_State *L)
{
    lua_State *before = running;
    running = L;
    return before;
}

bool grad_stop_end(lua_State *L)
{
    bool stopped = stopping;
    if (stopped) {
        stopping = 0;
        lua_sethook(L, NULL, 0, 0);
    }
    running = NULL;
    return stopped;
}

lua_State *grad_stop_enter(lua_State *co)
{
    lua_State *before = running;
    running = co;
    if (stopping)
        arm(co);
    return before;
}

void grad_stop_leave(lua_State *before)
{
    running = before;
    if (stopping && before)
        arm(before);
}
