// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/open.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "bind/allocator.h"
#include "bind/create.h"
#include "bind/files.h"
#include "bind/function.h"
#include "bind/gnuplot.h"
#include "bind/graph.h"
#include "bind/library.h"
#include "bind/op.h"
#include "bind/process.h"
#include "bind/profile.h"
#include "bind/random.h"
#include "bind/recorder.h"
#include "bind/sandbox.h"
#include "bind/settings.h"
#include "bind/snapshot.h"
#include "bind/stats.h"
#include "bind/strings.h"
#include "bind/tensor.h"
#include "bind/update.h"
#include "bind/testing.h"

// The module gradus.core: the engine as Lua sees it.
static int open_core(lua_State *L)
{
    lua_newtable(L);
    grad_tensor_open(L);
    grad_op_open(L);
    grad_create_open(L);
    grad_settings_open(L);
    grad_update_open(L);
    grad_files_open(L);
    grad_random_open(L);
    grad_stats_open(L);
    grad_testing_open(L);
    grad_function_open(L);
    grad_graph_open(L);
    grad_profile_open(L);
    return 1;
}

static void preload(lua_State *L, const char *name, lua_CFunction open)
{
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    lua_pushcfunction(L, open);
    lua_setfield(L, -2, name);
    lua_pop(L, 1);
}

// Where warn("...") of Lua goes: to standard error, once switched on by
// warn("@on").
static void show_warning(void *on, const char *text, int continues)
{
    static bool inside;
    bool *shown = on;
    if (!inside && !continues && text[0] == '@') {
        *shown = !strcmp(text, "@on") || (*shown && strcmp(text, "@off") != 0);
        return;
    }
    if (*shown)
        fprintf(stderr, "%s%s%s", inside ? "" : "warning: ", text,
                continues ? "" : "\n");
    inside = continues;
}

lua_State *grad_bind_new(void)
{
    static bool shown;
    lua_State *L = lua_newstate(grad_lua_alloc, NULL);
    if (L)
        lua_setwarnf(L, show_warning, &shown);
    return L;
}

void grad_bind_close(lua_State *L)
{
    grad_function_close();
    lua_close(L);
}

void grad_bind_open(lua_State *L)
{
    luaL_openlibs(L);
    grad_random_math(L); // before a script can keep Lua's own
    grad_strings_install(L);
    // Young collections keep pace with tensors; see bind/tensor.c.
    lua_gc(L, LUA_GCGEN, 20, 100);
    preload(L, "gradus.core", open_core);
    grad_gnuplot_preload(L);
    grad_library_install(L);
    preload(L, "gradus.process", grad_open_process);
    preload(L, "gradus.recorder", grad_open_recorder);
    preload(L, "gradus.sandbox", grad_open_sandbox);
    preload(L, "gradus.snapshot", grad_open_snapshot);
    lua_getglobal(L, "require");
    lua_pushliteral(L, "gradus.init");
    lua_call(L, 1, 0);
}
