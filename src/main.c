// SPDX-License-Identifier: GPL-3.0-or-later
// The command line.
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bind/open.h"
#include "engine/interrupt.h"
#include "repl/repl.h"

static int traceback(lua_State *L)
{
    const char *message = luaL_tolstring(L, 1, NULL);
    luaL_traceback(L, L, message, 1);
    return 1;
}

static void interrupt_engine(void)
{
    grad_interrupt_flag = 1;
}

static void clear_engine(void)
{
    grad_interrupt_flag = 0;
}

static int open_library(lua_State *L)
{
    static const struct grad_interrupt_hooks hooks = {interrupt_engine,
                                                      clear_engine};
    grad_repl_open(L, &hooks);
    grad_bind_open(L);
    return 0;
}

static int report(lua_State *L, int status)
{
    if (status == LUA_OK)
        return 0;
    fprintf(stderr, "gradus: %s\n", luaL_tolstring(L, -1, NULL));
    return 1;
}

// Runs the chunk on the top of the stack.
static int run(lua_State *L)
{
    lua_pushcfunction(L, traceback);
    lua_insert(L, 1);
    int code = report(L, grad_interrupt_call(L, 0, 0, 1));
    return grad_interrupt_happened() ? 130 : code;
}

int main(int argc, char **argv)
{
    struct grad_repl_options options = {.version = GRADUS_VERSION};
    lua_State *L = luaL_newstate();
    if (!L) {
        fputs("gradus: out of memory\n", stderr);
        return 1;
    }
    lua_pushcfunction(L, open_library);
    int code = report(L, lua_pcall(L, 0, 0, 0));
    lua_settop(L, 0);
    if (code == 0 && argc > 2 && !strcmp(argv[1], "-e"))
        code = report(L, luaL_loadstring(L, argv[2])) || run(L);
    else if (code == 0 && argc > 1)
        code = report(L, luaL_loadfilex(L, argv[1], "t")) || run(L);
    else if (code == 0)
        code = grad_repl_run(L, &options);
    lua_close(L);
    return code;
}
