// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/gnuplot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "engine/interrupt.h"
#include "gnuplot/gnuplot.h"
#include "gnuplot/screen.h"

// What one Lua state owns; released once, by __gc or close().
struct box {
    struct grad_gnuplot *gnuplot; // NULL until first used
    char folder[256];             // empty until first used
    bool persist;
};

static bool interrupted(void *unused)
{
    return grad_interrupt_flag != 0;
}

static struct box *get_box(lua_State *L)
{
    return lua_touserdata(L, lua_upvalueindex(1));
}

static void new_gnuplot(lua_State *L, struct box *box, const char *program)
{
    grad_gnuplot_free(box->gnuplot);
    box->gnuplot = grad_gnuplot_new(program);
    if (!box->gnuplot)
        luaL_error(L, "out of memory");
    grad_gnuplot_on_wait(box->gnuplot, interrupted, NULL);
    grad_gnuplot_persist(box->gnuplot, box->persist);
}

static struct grad_gnuplot *get_gnuplot(lua_State *L)
{
    struct box *box = get_box(L);
    if (!box->gnuplot)
        new_gnuplot(L, box, NULL);
    return box->gnuplot;
}

static const char *get_text(lua_State *L, size_t *length)
{
    const char *text = luaL_checklstring(L, 1, length);
    if (memchr(text, '\0', *length))
        luaL_error(L, "gnuplot: the text has a zero byte in it");
    return text;
}

// run(text, seconds) -> what gnuplot printed; raises gnuplot's error.
static int bind_run(lua_State *L)
{
    size_t length;
    const char *text = get_text(L, &length);
    double seconds = luaL_optnumber(L, 2, 60);
    struct grad_error error = {0};
    const char *reply =
        grad_gnuplot_run(get_gnuplot(L), text, length, seconds, &error);
    if (!reply)
        return luaL_error(L, "%s", error.message);
    lua_pushstring(L, reply);
    return 1;
}

// post(text): sent, not waited for.
static int bind_post(lua_State *L)
{
    size_t length;
    const char *text = get_text(L, &length);
    struct grad_error error = {0};
    if (!grad_gnuplot_post(get_gnuplot(L), text, length, &error))
        return luaL_error(L, "%s", error.message);
    return 0;
}

static int bind_busy(lua_State *L)
{
    lua_pushboolean(L, grad_gnuplot_busy(get_gnuplot(L)));
    return 1;
}

static int bind_reply(lua_State *L)
{
    lua_pushstring(L, grad_gnuplot_reply(get_gnuplot(L)));
    return 1;
}

// pid() -> the process, or nil when there is none.
static int bind_pid(lua_State *L)
{
    pid_t pid = grad_gnuplot_pid(get_gnuplot(L));
    if (pid == 0)
        lua_pushnil(L);
    else
        lua_pushinteger(L, pid);
    return 1;
}

// seconds() -> processor time that gnuplot and its windows have used
static int bind_seconds(lua_State *L)
{
    lua_pushnumber(L, grad_gnuplot_seconds(get_gnuplot(L)));
    return 1;
}

// program(name): another gnuplot; the running one is ended.
static int bind_program(lua_State *L)
{
    new_gnuplot(L, get_box(L), luaL_optstring(L, 1, NULL));
    return 0;
}

static int bind_persist(lua_State *L)
{
    get_box(L)->persist = lua_toboolean(L, 1);
    grad_gnuplot_persist(get_gnuplot(L), get_box(L)->persist);
    return 0;
}

static void remove_folder(struct box *box)
{
    DIR *folder = box->folder[0] ? opendir(box->folder) : NULL;
    if (!folder)
        return;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(folder), entry->d_name, 0);
    closedir(folder);
    rmdir(box->folder);
    box->folder[0] = '\0';
}

// os.exit leaves without closing the state: the folder goes even then.
static struct box *with_folder;

static void remove_at_exit(void)
{
    if (with_folder)
        remove_folder(with_folder);
}

static void remember_folder(struct box *box)
{
    static bool registered;
    with_folder = box;
    if (!registered)
        registered = atexit(remove_at_exit) == 0;
}

// folder() -> a folder only this user can read, removed at the end.
static int bind_folder(lua_State *L)
{
    struct box *box = get_box(L);
    if (!box->folder[0]) {
        const char *base = getenv("TMPDIR");
        char path[sizeof box->folder];
        if (!base || *base != '/' || strpbrk(base, "'\n\r"))
            base = "/tmp"; // its name goes into gnuplot's commands
        int n = snprintf(path, sizeof path, "%s/gradus-XXXXXX", base);
        if (n >= (int)sizeof path || !mkdtemp(path))
            return luaL_error(L, "no private folder for a picture's data: %s",
                              strerror(errno));
        memcpy(box->folder, path, sizeof path);
        remember_folder(box);
    }
    lua_pushstring(L, box->folder);
    return 1;
}

static void release(struct box *box)
{
    grad_gnuplot_free(box->gnuplot);
    box->gnuplot = NULL;
    remove_folder(box);
    if (with_folder == box)
        with_folder = NULL;
}

static int bind_gc(lua_State *L)
{
    release(lua_touserdata(L, 1));
    return 0;
}

static int bind_close(lua_State *L)
{
    release(get_box(L));
    return 0;
}

// screen() -> {columns, rows, width, height, input, output}; the last two say
// whether standard input and output are terminals.
static int bind_screen(lua_State *L)
{
    struct grad_screen_size size = grad_screen_size();
    lua_createtable(L, 0, 6);
    lua_pushinteger(L, size.columns);
    lua_setfield(L, -2, "columns");
    lua_pushinteger(L, size.rows);
    lua_setfield(L, -2, "rows");
    lua_pushinteger(L, size.width);
    lua_setfield(L, -2, "width");
    lua_pushinteger(L, size.height);
    lua_setfield(L, -2, "height");
    lua_pushboolean(L, isatty(STDIN_FILENO));
    lua_setfield(L, -2, "input");
    lua_pushboolean(L, isatty(STDOUT_FILENO));
    lua_setfield(L, -2, "output");
    return 1;
}

// sixel(milliseconds) -> can the terminal show it, was it asked
static int bind_sixel(lua_State *L)
{
    bool asked;
    int milliseconds = (int)luaL_optinteger(L, 1, 200);
    lua_pushboolean(L, grad_screen_has_sixel(milliseconds, &asked));
    lua_pushboolean(L, asked);
    return 2;
}

// pixels(milliseconds) -> width, height of the terminal, or nothing
static int bind_pixels(lua_State *L)
{
    int width, height;
    int milliseconds = (int)luaL_optinteger(L, 1, 200);
    if (!grad_screen_ask_pixels(milliseconds, &width, &height))
        return 0;
    lua_pushinteger(L, width);
    lua_pushinteger(L, height);
    return 2;
}

static int bind_display(lua_State *L)
{
    int milliseconds = (int)luaL_optinteger(L, 1, 200);
    lua_pushboolean(L, grad_screen_has_display(milliseconds));
    return 1;
}

// clock() -> seconds that only ever go forward
static int bind_clock(lua_State *L)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    lua_pushnumber(L, (lua_Number)t.tv_sec + (lua_Number)t.tv_nsec * 1e-9);
    return 1;
}

static int bind_sleep(lua_State *L)
{
    double seconds = luaL_checknumber(L, 1);
    luaL_argcheck(L, seconds >= 0 && seconds < 1e6, 1, "not a time to wait");
    struct timespec t = {(time_t)seconds,
                         (long)((seconds - (double)(time_t)seconds) * 1e9)};
    nanosleep(&t, NULL);
    return 0;
}

static const luaL_Reg functions[] = {{"run", bind_run},
                                     {"post", bind_post},
                                     {"busy", bind_busy},
                                     {"reply", bind_reply},
                                     {"pid", bind_pid},
                                     {"program", bind_program},
                                     {"persist", bind_persist},
                                     {"folder", bind_folder},
                                     {"close", bind_close},
                                     {"screen", bind_screen},
                                     {"sixel", bind_sixel},
                                     {"pixels", bind_pixels},
                                     {"display", bind_display},
                                     {"clock", bind_clock},
                                     {"sleep", bind_sleep},
                                     {"seconds", bind_seconds},
                                     {NULL, NULL}};

// The box is the one upvalue of all functions.
static int open_module(lua_State *L)
{
    luaL_newlibtable(L, functions);
    struct box *box = lua_newuserdatauv(L, sizeof *box, 0);
    *box = (struct box){0};
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, bind_gc);
    lua_setfield(L, -2, "__gc");
    lua_setmetatable(L, -2);
    luaL_setfuncs(L, functions, 1);
    return 1;
}

void grad_gnuplot_preload(lua_State *L)
{
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    lua_pushcfunction(L, open_module);
    lua_setfield(L, -2, "gradus.gnuplot");
    lua_pop(L, 1);
}
