// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/settings.h"

#include <lauxlib.h>
#include <time.h>

#include "bind/box.h"
#include "bind/entry.h"
#include "engine/autograd.h"
#include "engine/kernel/kernel.h"
#include "engine/memory.h"
#include "engine/thread.h"

static int settings_memory(lua_State *L)
{
    struct grad_memory_stats s = grad_memory_stats();
    lua_createtable(L, 0, 5);
    lua_pushinteger(L, (lua_Integer)s.live);
    lua_setfield(L, -2, "live");
    lua_pushinteger(L, (lua_Integer)(s.held - s.live));
    lua_setfield(L, -2, "pooled");
    lua_pushinteger(L, (lua_Integer)s.peak);
    lua_setfield(L, -2, "peak");
    lua_pushinteger(L, (lua_Integer)s.system);
    lua_setfield(L, -2, "system_calls");
    return 1;
}

static int settings_threads(lua_State *L)
{
    struct grad_error error = {0};
    if (!lua_isnoneornil(L, 1)) {
        lua_Integer n = luaL_checkinteger(L, 1);
        int count = n < 0 || n > 1000000 ? -1 : (int)n;
        if (!grad_threads_set(count, &error))
            return grad_raise(L, &error);
    }
    lua_pushinteger(L, grad_threads());
    return 1;
}

static int settings_clock(lua_State *L)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    lua_pushnumber(L, (double)t.tv_sec + 1e-9 * (double)t.tv_nsec);
    return 1;
}

static int settings_cpu(lua_State *L)
{
    lua_pushstring(L, grad_kernels_level());
    return 1;
}

static int settings_recording(lua_State *L)
{
    bool before = grad_recording();
    if (!lua_isnoneornil(L, 1))
        grad_set_recording(lua_toboolean(L, 1));
    lua_pushboolean(L, before);
    return 1;
}

static const struct grad_entry settings[] = {
    {"memory", settings_memory, NULL},
    {"threads", settings_threads, NULL},
    {"clock", settings_clock, NULL},
    {"cpu", settings_cpu, NULL},
    {"recording", settings_recording, NULL},
    {NULL, NULL, NULL},
};

void grad_settings_open(lua_State *L)
{
    grad_entries_open(L, settings, "gradus.");
}
