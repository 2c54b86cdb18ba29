// SPDX-License-Identifier: GPL-3.0-or-later
#include "repl/module.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <lauxlib.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "repl/history.h"
#include "repl/interrupt.h"
#include "repl/key.h"
#include "repl/output.h"
#include "repl/reader.h"

static lua_State *completing; // state that answers a TAB
static const char complete_key = 0;

// terminal.call(f, handler, ...): xpcall that Ctrl-C stops.
static int call(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TFUNCTION);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_pushvalue(L, 1);
    lua_replace(L, 1); // function, handler, arguments
    lua_pushvalue(L, 2);
    lua_insert(L, 1);
    lua_remove(L, 3); // handler, function, arguments
    int status = grad_interrupt_call(L, lua_gettop(L) - 2, LUA_MULTRET, 1);
    lua_pushboolean(L, status == LUA_OK);
    lua_replace(L, 1);
    return lua_gettop(L);
}

// terminal.aside(f): calls f as the prompt does its own work. Inside it Ctrl-C
// stops what terminal.call runs, and nothing else.
static int aside(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_settop(L, 1);
    if (grad_interrupt_aside(L, 0, LUA_MULTRET) != LUA_OK)
        return lua_error(L);
    return lua_gettop(L);
}

// terminal.pressed(): whether Ctrl-C was pressed while nothing ran.
static int pressed(lua_State *L)
{
    lua_pushboolean(L, grad_interrupt_take_idle());
    return 1;
}

static int interrupted(lua_State *L)
{
    lua_pushboolean(L, grad_interrupt_happened());
    return 1;
}

static int termination(lua_State *L)
{
    lua_pushinteger(L, grad_interrupt_termination());
    return 1;
}

// terminal.read(prompt, initial): a line, or nil and why there is none.
static int read_line(lua_State *L)
{
    static const char *const reasons[] = {[GRAD_READER_EOF] = "eof",
                                          [GRAD_READER_INTERRUPT] = "interrupt",
                                          [GRAD_READER_TERMINATION] =
                                              "termination",
                                          [GRAD_READER_HANGUP] = "hangup"};
    char *line = NULL;
    const char *prompt = luaL_checkstring(L, 1);
    const char *initial = luaL_optstring(L, 2, "");
    clearerr(stdin);  // Ctrl-C breaks off reading and
    clearerr(stdout); // printing, which is no lasting fault
    fflush(stdout);
    enum grad_reader_end end = grad_reader_read(prompt, initial, &line);
    if (end != GRAD_READER_LINE) {
        lua_pushnil(L);
        lua_pushstring(L, reasons[end]);
        return 2;
    }
    lua_pushstring(L, line);
    free(line);
    return 1;
}

static void to_completion(lua_State *L, struct grad_completion *result)
{
    const char *text;
    lua_getfield(L, -1, "remove");
    result->remove = (size_t)lua_tointeger(L, -1);
    lua_getfield(L, -2, "insert");
    text = lua_tostring(L, -1);
    result->insert = text && *text ? strdup(text) : NULL;
    lua_getfield(L, -3, "show");
    text = lua_tostring(L, -1);
    result->show = text && *text ? strdup(text) : NULL;
}

static void on_complete(const char *line, size_t point, bool again,
                        struct grad_completion *result)
{
    lua_State *L = completing;
    int top = lua_gettop(L);
    if (!lua_checkstack(L, 10) ||
        lua_rawgetp(L, LUA_REGISTRYINDEX, &complete_key) != LUA_TFUNCTION) {
        lua_settop(L, top);
        return;
    }
    lua_pushlstring(L, line, point);
    lua_pushstring(L, line + point);
    lua_pushboolean(L, again);
    if (lua_pcall(L, 3, 1, 0) == LUA_OK && lua_istable(L, -1))
        to_completion(L, result);
    lua_settop(L, top);
}

void grad_repl_module_use(lua_State *L)
{
    completing = L;
    grad_reader_open(on_complete);
}

// terminal.on_complete(f): f(before, after, again) answers a TAB with a table
// {remove = bytes, insert = text, show = text}.
static int set_complete(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_settop(L, 1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &complete_key);
    return 0;
}

static int size(lua_State *L)
{
    int columns, rows;
    grad_reader_size(&columns, &rows);
    lua_pushinteger(L, columns);
    lua_pushinteger(L, rows);
    return 2;
}

static int is_terminal(lua_State *L)
{
    lua_pushboolean(L, isatty((int)luaL_checkinteger(L, 1)));
    return 1;
}

static int uses_utf8(lua_State *L)
{
    const char *names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *value = NULL;
    for (int i = 0; i < 3 && !(value && *value); i++)
        value = getenv(names[i]);
    lua_pushboolean(
        L, value && (strcasestr(value, "utf-8") || strcasestr(value, "utf8")));
    return 1;
}

static int seconds(lua_State *L)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    lua_pushnumber(L, (double)t.tv_sec + 1e-9 * (double)t.tv_nsec);
    return 1;
}

// terminal.sleep(seconds): Ctrl-C wakes it.
static int sleep_for(lua_State *L)
{
    double s = luaL_checknumber(L, 1);
    if (s > 0 && s < 1e9)
        grad_interrupt_wait(-1, s);
    return 0;
}

// terminal.key(): the bytes of one key, nil at the end.
static int key(lua_State *L)
{
    char bytes[16];
    fflush(stdout);
    size_t n = grad_key_read(bytes, sizeof bytes);
    if (n == 0)
        return 0;
    lua_pushlstring(L, bytes, n);
    return 1;
}

static int add_history(lua_State *L)
{
    grad_history_add(luaL_checkstring(L, 1));
    return 0;
}

// terminal.list(folder): its entries, folders with a slash at the end;
// unsorted, nil if it cannot be read.
static int list(lua_State *L)
{
    const char *folder = luaL_checkstring(L, 1);
    DIR *directory = opendir(folder);
    if (!directory)
        return 0;
    lua_newtable(L);
    int n = 0;
    for (struct dirent *e; (e = readdir(directory)) != NULL;) {
        struct stat status;
        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
            continue;
        bool is_folder =
            fstatat(dirfd(directory), e->d_name, &status, 0) == 0 &&
            S_ISDIR(status.st_mode);
        lua_pushfstring(L, "%s%s", e->d_name, is_folder ? "/" : "");
        lua_rawseti(L, -2, ++n);
    }
    closedir(directory);
    return 1;
}

// terminal.capture(silent), terminal.captured(): see output.h.
static int capture(lua_State *L)
{
    lua_pushboolean(L, grad_output_capture(L, lua_toboolean(L, 1)));
    return 1;
}

static int captured(lua_State *L)
{
    char *text;
    size_t length = grad_output_captured(L, &text);
    lua_pushlstring(L, text ? text : "", length);
    free(text);
    return 1;
}

// terminal.copy_to(path or nil): a transcript of what is shown.
static int copy_to(lua_State *L)
{
    const char *path = luaL_optstring(L, 1, NULL);
    int fd = -1;
    if (path) {
        fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
        if (fd < 0)
            return luaL_error(L, "cannot write '%s': %s", path,
                              strerror(errno));
    }
    grad_output_copy_to(L, fd);
    return 0;
}

// terminal.note(text): a line of the transcript that was not printed, an input.
static int note(lua_State *L)
{
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length);
    grad_output_note(text, length);
    return 0;
}

static int library_folder(lua_State *L)
{
    lua_getfield(L, LUA_REGISTRYINDEX, "gradus.library");
    return 1;
}

static const luaL_Reg functions[] = {{"call", call},
                                     {"aside", aside},
                                     {"pressed", pressed},
                                     {"interrupted", interrupted},
                                     {"termination", termination},
                                     {"read", read_line},
                                     {"on_complete", set_complete},
                                     {"size", size},
                                     {"is_terminal", is_terminal},
                                     {"uses_utf8", uses_utf8},
                                     {"seconds", seconds},
                                     {"sleep", sleep_for},
                                     {"key", key},
                                     {"add_history", add_history},
                                     {"list", list},
                                     {"capture", capture},
                                     {"captured", captured},
                                     {"copy_to", copy_to},
                                     {"note", note},
                                     {"library_folder", library_folder},
                                     {NULL, NULL}};

int grad_repl_module(lua_State *L)
{
    luaL_newlib(L, functions);
    return 1;
}
