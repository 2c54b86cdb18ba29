// SPDX-License-Identifier: GPL-3.0-or-later
#include "repl/repl.h"

#include <lauxlib.h>
#include <readline/history.h>
#include <readline/readline.h>
#include <stdio.h>
#include <stdlib.h>

// Leaves a chunk or a syntax error on the stack.
static int load_line(lua_State *L, const char *line)
{
    lua_pushfstring(L, "return %s", line);
    const char *code = lua_tostring(L, -1);
    int status = luaL_loadbufferx(L, code, lua_rawlen(L, -1), "=input", "t");
    if (status == LUA_OK) {
        lua_remove(L, -2);
        return status;
    }
    lua_settop(L, 0);
    return luaL_loadbufferx(L, line, strlen(line), "=input", "t");
}

static void print_results(lua_State *L)
{
    int n = lua_gettop(L);
    if (n == 0)
        return;
    lua_getglobal(L, "print");
    lua_insert(L, 1);
    if (lua_pcall(L, n, 0, 0) != LUA_OK)
        fprintf(stderr, "%s\n", lua_tostring(L, -1));
}

int grad_repl_run(lua_State *L)
{
    char *line;
    while ((line = readline("> ")) != NULL) {
        lua_settop(L, 0);
        if (*line)
            add_history(line);
        int status = load_line(L, line);
        if (status == LUA_OK)
            status = lua_pcall(L, 0, LUA_MULTRET, 0);
        if (status == LUA_OK)
            print_results(L);
        else
            fprintf(stderr, "%s\n", luaL_tolstring(L, -1, NULL));
        free(line);
    }
    return 0;
}
