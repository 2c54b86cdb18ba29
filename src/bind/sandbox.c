// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/sandbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { STRIDE = 10000 }; // instructions between two looks

// One watch at a time: guest code runs on the main thread, and a guarded call
// inside another shares its budget.
static struct {
    bool active;
    const char *tripped; // the limit that ended the call
    double left;         // instructions
    double deadline;     // seconds of the steady clock
    size_t ceiling;      // bytes Lua may hold
    bool refused;        // the allocator said no
} watch;

static struct {
    lua_Alloc function;
    void *data;
    size_t used;
} below; // the allocator under ours

// --- time and instructions -----------------------------------------------

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void look(lua_State *L, lua_Debug *ar)
{
    (void)ar;
    if (!watch.active) { // a coroutine that outlived its guarded call
        lua_sethook(L, NULL, 0, 0);
        return;
    }
    watch.left -= STRIDE;
    if (!watch.tripped && watch.left < 0)
        watch.tripped = "instructions";
    if (!watch.tripped && now() > watch.deadline)
        watch.tripped = "seconds";
    if (!watch.tripped)
        return;
    lua_sethook(L, look, LUA_MASKCOUNT, 1);
    luaL_error(L, "stopped: the limit of %s is reached", watch.tripped);
}

// --- memory ---------------------------------------------------------------

static void *count(void *data, void *block, size_t before, size_t after)
{
    (void)data;
    size_t had = block ? before : 0;
    if (watch.active && after > had &&
        below.used + (after - had) > watch.ceiling) {
        watch.refused = true;
        return NULL;
    }
    void *result = below.function(below.data, block, before, after);
    if (result || after == 0)
        below.used = below.used - had + after;
    return result;
}

static void install_counter(lua_State *L)
{
    if (below.function)
        return;
    below.used =
        (size_t)lua_gc(L, LUA_GCCOUNT) * 1024 + (size_t)lua_gc(L, LUA_GCCOUNTB);
    below.function = lua_getallocf(L, &below.data);
    lua_setallocf(L, count, NULL);
}

// --- the guarded call -----------------------------------------------------

static double limit(lua_State *L, const char *name, double otherwise)
{
    lua_getfield(L, 1, name);
    double value = luaL_optnumber(L, -1, otherwise);
    lua_pop(L, 1);
    return value;
}

static void start_watch(lua_State *L)
{
    install_counter(L);
    double bytes = limit(L, "bytes", 256.0 * 1024 * 1024);
    watch.left = limit(L, "instructions", 5e8);
    watch.deadline = now() + limit(L, "seconds", 60);
    watch.ceiling = below.used + (size_t)bytes;
    watch.tripped = NULL;
    watch.refused = false;
    watch.active = true;
}

static const char *reason_of(lua_State *L, int status)
{
    if (status == LUA_OK)
        return NULL;
    if (watch.tripped)
        return watch.tripped;
    return watch.refused && status == LUA_ERRMEM ? "memory" : NULL;
}

// Stack on return: ok, then the results, or the error and the reason.
static int answer(lua_State *L, int status, const char *reason)
{
    if (status == LUA_OK) {
        lua_pushboolean(L, 1);
        lua_replace(L, 1);
        return lua_gettop(L);
    }
    lua_pushboolean(L, 0);
    lua_insert(L, -2);
    if (reason)
        lua_pushstring(L, reason);
    else
        lua_pushnil(L);
    return 3;
}

// Calls the function `after`, whatever happens, with no hook that could stop
// it in the middle.
static void clean_up(lua_State *L)
{
    lua_Hook hook = lua_gethook(L);
    int mask = lua_gethookmask(L), stride = lua_gethookcount(L);
    lua_sethook(L, NULL, 0, 0);
    lua_pushvalue(L, 2);
    if (lua_pcall(L, 0, 0, 0) != LUA_OK)
        lua_pop(L, 1);
    lua_sethook(L, hook, mask, stride);
}

// Stack: limits, after, function, arguments.
static int guard(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checkany(L, 3);
    int arguments = lua_gettop(L) - 3;
    bool outermost = !watch.active;
    lua_Hook hook = lua_gethook(L);
    int mask = lua_gethookmask(L), stride = lua_gethookcount(L);
    if (outermost) {
        start_watch(L);
        lua_sethook(L, look, LUA_MASKCOUNT, STRIDE);
    }
    int status = lua_pcall(L, arguments, LUA_MULTRET, 0);
    bool stopped = lua_gethook(L) != (outermost ? look : hook);
    if (outermost && !stopped)
        lua_sethook(L, hook, mask, stride);
    const char *reason = outermost ? reason_of(L, status) : NULL;
    watch.active = watch.active && !outermost;
    clean_up(L);
    if (stopped && status != LUA_OK) // ^C has put its own hook there
        return lua_error(L);
    lua_remove(L, 2);
    return answer(L, status, reason);
}

static int watch_coroutine(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTHREAD);
    lua_State *other = lua_tothread(L, 1);
    if (watch.active && other != L)
        lua_sethook(other, look, LUA_MASKCOUNT, STRIDE);
    return 0;
}

// --- files of the lessons' own: progress and records ------------------------

static int real_path(lua_State *L)
{
    char resolved[PATH_MAX];
    if (!realpath(luaL_checkstring(L, 1), resolved))
        return 0;
    lua_pushstring(L, resolved);
    return 1;
}

static int make_folder(lua_State *L)
{
    char path[PATH_MAX];
    const char *given = luaL_checkstring(L, 1);
    if (strlen(given) >= sizeof path)
        return luaL_error(L, "path too long: %s", given);
    strcpy(path, given);
    for (char *p = path + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        mkdir(path, 0700);
        *p = '/';
    }
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return luaL_error(L, "%s: %s", path, strerror(errno));
    return 0;
}

static bool write_all(int file, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t n = write(file, text, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        text += n;
        length -= (size_t)n;
    }
    return true;
}

// The new file is complete on the disk before it takes the old one's name.
static int replace(lua_State *L)
{
    size_t length;
    const char *path = luaL_checkstring(L, 1);
    const char *text = luaL_checklstring(L, 2, &length);
    const char *fresh = lua_pushfstring(L, "%s.%d", path, (int)getpid());
    int file = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0)
        return luaL_error(L, "%s: %s", fresh, strerror(errno));
    bool written = write_all(file, text, length) && fsync(file) == 0;
    written = close(file) == 0 && written;
    if (written && rename(fresh, path) == 0)
        return 0;
    int reason = errno;
    unlink(fresh);
    return luaL_error(L, "%s: %s", path, strerror(reason));
}

static int is_terminal(lua_State *L)
{
    lua_pushboolean(L, isatty(STDOUT_FILENO));
    return 1;
}

static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

// The names in a folder in the order of their bytes, in any locale.
static int list_folder(lua_State *L)
{
    const char *path = luaL_checkstring(L, 1);
    lua_newtable(L);
    struct dirent **names;
    int n = scandir(path, &names, NULL, compare_names), count = 0;
    for (int i = 0; i < n; i++) {
        if (names[i]->d_name[0] != '.') {
            lua_pushstring(L, names[i]->d_name);
            lua_rawseti(L, -2, ++count);
        }
        free(names[i]);
    }
    if (n >= 0)
        free(names);
    return 1;
}

// FNV-1a: tells whether a lesson was edited or a number differs in a bit. It
// is no protection against somebody who forges.
static int fingerprint(lua_State *L)
{
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length);
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
    char digits[17];
    snprintf(digits, sizeof digits, "%016llx", (unsigned long long)hash);
    lua_pushstring(L, digits);
    return 1;
}

int grad_open_sandbox(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"guard", guard},
        {"watch", watch_coroutine},
        {"real_path", real_path},
        {"make_folder", make_folder},
        {"list_folder", list_folder},
        {"is_terminal", is_terminal},
        {"replace", replace},
        {"fingerprint", fingerprint},
        {NULL, NULL},
    };
    luaL_newlib(L, functions);
    return 1;
}
