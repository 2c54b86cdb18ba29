// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/library.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

// Pushes the folder of the running program, without a slash at its end.
static void push_program_folder(lua_State *L)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path);
    while (length > 0 && path[length - 1] != '/')
        length--;
    if (length <= 1)
        luaL_error(L, "cannot tell where the program lies (/proc/self/exe)");
    lua_pushlstring(L, path, (size_t)length - 1);
}

static int is_readable(lua_State *L, const char *folder, const char *file)
{
    const char *path = lua_pushfstring(L, "%s/%s", folder, file);
    int found = access(path, R_OK) == 0;
    lua_pop(L, 1);
    return found;
}

static int runs_from_build_folder(const char *program)
{
    size_t build = strlen(GRADUS_BUILD_ROOT);
    return !strncmp(program, GRADUS_BUILD_ROOT, build) &&
           (program[build] == '\0' || program[build] == '/');
}

// Pushes the folder `name` ("lua" or "lessons"): beside the installed program,
// wherever that was moved to, else of the source tree of its build folder.
static void push_part_folder(lua_State *L, const char *name)
{
    push_program_folder(L);
    const char *program = lua_tostring(L, -1);
    const char *beside = lua_pushfstring(L, "%s/../share/gradus", program);
    if (!is_readable(L, beside, name) && runs_from_build_folder(program))
        beside = GRADUS_SOURCE_ROOT;
    lua_pushfstring(L, "%s/%s", beside, name);
    lua_insert(L, -3);
    lua_pop(L, 2);
}

static int load_file(lua_State *L, const char *path, const char *name)
{
    if (luaL_loadfilex(L, path, "t") != LUA_OK)
        return luaL_error(L, "module '%s' does not load:\n\t%s", name,
                          lua_tostring(L, -1));
    lua_pushstring(L, path);
    return 2;
}

// The searcher; upvalue 1 is the library's folder.
static int search(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);
    if (strncmp(name, "gradus.", 7) != 0)
        return 0;
    const char *folder = lua_tostring(L, lua_upvalueindex(1));
    const char *file = luaL_gsub(L, name + 7, ".", "/");
    const char *path = lua_pushfstring(L, "%s/%s.lua", folder, file);
    if (access(path, R_OK) == 0)
        return load_file(L, path, name);
    path = lua_pushfstring(L, "%s/%s/init.lua", folder, file);
    if (access(path, R_OK) == 0)
        return load_file(L, path, name);
    return luaL_error(L,
                      "module '%s' not found: no file '%s/%s.lua' and no "
                      "'%s'",
                      name, folder, file, path);
}

// Puts the searcher on the stack's top right behind package.preload, into the
// list below it: names of ours are looked for nowhere else.
static void insert_second(lua_State *L)
{
    for (lua_Integer i = (lua_Integer)lua_rawlen(L, -2); i >= 2; i--) {
        lua_rawgeti(L, -2, i);
        lua_rawseti(L, -3, i + 1);
    }
    lua_rawseti(L, -2, 2);
}

void grad_library_install(lua_State *L)
{
    push_part_folder(L, "lessons");
    lua_setfield(L, LUA_REGISTRYINDEX, "gradus.lessons");
    push_part_folder(L, "lua");
    const char *folder = lua_tostring(L, -1);
    if (!is_readable(L, folder, "init.lua"))
        luaL_error(L, "the Lua library of gradus is not at '%s'", folder);
    lua_pushvalue(L, -1);
    lua_setfield(L, LUA_REGISTRYINDEX, "gradus.library");
    lua_pushcclosure(L, search, 1);
    lua_getglobal(L, "package");
    lua_getfield(L, -1, "searchers");
    lua_pushvalue(L, -3);
    insert_second(L);
    lua_pop(L, 3);
}
