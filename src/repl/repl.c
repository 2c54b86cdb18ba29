// SPDX-License-Identifier: GPL-3.0-or-later
#include "repl/repl.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>
#include <unistd.h>

#include "repl/history.h"
#include "repl/module.h"

// So many internal errors in a row end the prompt rather than repeat for ever.
#define MAX_FAILURES 3

void grad_repl_open(lua_State *L, const struct grad_interrupt_hooks *hooks)
{
    luaL_openlibs(L);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    lua_pushcfunction(L, grad_repl_module);
    lua_setfield(L, -2, "gradus.terminal");
    lua_pop(L, 1);
    grad_interrupt_install(L, hooks);
}

static void push_options(lua_State *L, const struct grad_repl_options *options,
                         bool terminal, const char *notice)
{
    lua_newtable(L);
    lua_pushboolean(L, terminal);
    lua_setfield(L, -2, "terminal");
    lua_pushboolean(L, options->no_color);
    lua_setfield(L, -2, "no_color");
    lua_pushboolean(L, options->quiet);
    lua_setfield(L, -2, "quiet");
    lua_pushstring(L, options->version);
    lua_setfield(L, -2, "version");
    lua_pushstring(L, notice);
    lua_setfield(L, -2, "notice");
}

// Leaves the function that does one step of the session: reads an input, runs
// it and prints; it returns the exit code when the session is over.
static bool start(lua_State *L, const struct grad_repl_options *options)
{
    bool terminal = isatty(STDIN_FILENO);
    const char *notice = NULL;
    if (terminal) {
        notice = grad_history_open(!options->no_history);
        grad_repl_module_use(L);
        grad_interrupt_catch_termination();
    }
    lua_getglobal(L, "require");
    lua_pushliteral(L, "gradus.repl.start");
    if (lua_pcall(L, 1, 1, 0) != LUA_OK)
        return false;
    push_options(L, options, terminal, notice);
    return lua_pcall(L, 1, 1, 0) == LUA_OK;
}

static void report(lua_State *L)
{
    fprintf(stderr, "gradus: %s\n", luaL_tolstring(L, -1, NULL));
    lua_pop(L, 2);
}

int grad_repl_run(lua_State *L, const struct grad_repl_options *options)
{
    int failures = 0;
    lua_settop(L, 0);
    if (!lua_checkstack(L, 20) || !start(L, options)) {
        report(L);
        return 1;
    }
    while (failures < MAX_FAILURES) {
        lua_pushvalue(L, 1);
        if (lua_pcall(L, 0, 1, 0) != LUA_OK) {
            failures++;
            report(L);
            continue;
        }
        failures = 0;
        if (lua_isinteger(L, -1))
            return (int)lua_tointeger(L, -1);
        lua_pop(L, 1);
    }
    return 1;
}
