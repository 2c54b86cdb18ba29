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
#include <unistd.h>

#include "bind/watch.h"

// --- files of the lessons' own: progress and records -------------------------

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
        {"guard", grad_watch_guard},     {"watch", grad_watch_coroutine},
        {"is_over", grad_watch_is_over}, {"real_path", real_path},
        {"make_folder", make_folder},    {"list_folder", list_folder},
        {"is_terminal", is_terminal},    {"replace", replace},
        {"fingerprint", fingerprint},    {NULL, NULL},
    };
    luaL_newlib(L, functions);
    return 1;
}
