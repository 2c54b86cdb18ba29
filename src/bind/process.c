// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/process.h"

#include <errno.h>
#include <lauxlib.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <unistd.h>

#include "engine/interrupt.h"
#include "gnuplot/process.h"

enum { MOST_WORDS = 1024, MOST_CHILDREN = 1024, GRACE = 500 };

static const char type_name[] = "gradus.process";

static int program(lua_State *L)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path);
    if (length <= 0)
        return luaL_error(L, "cannot tell where the program lies "
                             "(/proc/self/exe)");
    lua_pushlstring(L, path, (size_t)length);
    return 1;
}

static int cores(lua_State *L)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof set, &set) == 0
                ? CPU_COUNT(&set)
                : (int)sysconf(_SC_NPROCESSORS_ONLN);
    lua_pushinteger(L, n > 0 ? n : 1);
    return 1;
}

// The words stay on the stack, so that they live as long as argv.
static void read_words(lua_State *L, int index, char **argv)
{
    luaL_checktype(L, index, LUA_TTABLE);
    lua_Integer n = luaL_len(L, index);
    luaL_argcheck(L, n >= 1 && n < MOST_WORDS, index,
                  "too many words, or none");
    luaL_checkstack(L, (int)n + 8, "too many words");
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, index, i);
        argv[i - 1] = (char *)luaL_checkstring(L, -1);
    }
    argv[n] = NULL;
}

static int start(lua_State *L)
{
    char *argv[MOST_WORDS + 1];
    struct grad_error error = {0};
    read_words(L, 1, argv);
    struct grad_process *child = lua_newuserdatauv(L, sizeof *child, 0);
    *child = (struct grad_process){.input = -1, .output = -1};
    luaL_setmetatable(L, type_name);
    if (!grad_process_start(child, argv, &error))
        return luaL_error(L, "%s", error.message);
    return 1;
}

static struct grad_process *check_child(lua_State *L, int index)
{
    struct grad_process *child = luaL_checkudata(L, index, type_name);
    luaL_argcheck(L, child->pid != 0, index, "the process is closed");
    return child;
}

static int send_text(lua_State *L)
{
    struct grad_process *child = check_child(L, 1);
    size_t length;
    const char *text = luaL_checklstring(L, 2, &length);
    while (length > 0) {
        ssize_t n = grad_process_send(child, text, length);
        if (n < 0)
            return luaL_error(L, "the process is gone");
        if (grad_interrupt_flag)
            return luaL_error(L, "interrupted");
        if (n == 0)
            grad_process_wait(child, true, 20);
        text += n;
        length -= (size_t)n;
    }
    return 0;
}

static int read_text(lua_State *L)
{
    struct grad_process *child = check_child(L, 1);
    char bytes[1 << 14];
    ssize_t n = grad_process_read(child, bytes, sizeof bytes);
    if (n < 0)
        return 0;
    lua_pushlstring(L, bytes, (size_t)n);
    return 1;
}

static int wait_for(lua_State *L)
{
    struct pollfd fds[MOST_CHILDREN];
    luaL_checktype(L, 1, LUA_TTABLE);
    double seconds = luaL_checknumber(L, 2);
    lua_Integer n = luaL_len(L, 1);
    luaL_argcheck(L, n <= MOST_CHILDREN, 1, "too many processes");
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, 1, i);
        fds[i - 1] =
            (struct pollfd){.fd = check_child(L, -1)->output, .events = POLLIN};
        lua_pop(L, 1);
    }
    if (!grad_interrupt_flag)
        (void)poll(fds, (nfds_t)n, (int)(seconds * 1000));
    return 0;
}

// A child that works on gets Ctrl-C first, so that it can tidy up.
static int end(lua_State *L)
{
    struct grad_process *child = luaL_checkudata(L, 1, type_name);
    if (child->pid != 0)
        kill(-child->pid, SIGINT);
    grad_process_end(child, GRACE);
    return 0;
}

// A parent that was killed says nothing. Where the system cannot tell us, we
// end with the next line that is read from it. Its end of our input is closed
// if it was gone before we asked.
static int end_with_parent(lua_State *L)
{
#ifdef __linux__
    struct pollfd input = {.fd = STDIN_FILENO};
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (poll(&input, 1, 0) > 0 && (input.revents & POLLHUP))
        raise(SIGTERM);
#endif
    return 0;
}

int grad_open_process(lua_State *L)
{
    static const luaL_Reg methods[] = {{"send", send_text}, {"read", read_text},
                                       {"close", end},      {"__gc", end},
                                       {"__close", end},    {NULL, NULL}};
    static const luaL_Reg functions[] = {{"program", program},
                                         {"cores", cores},
                                         {"start", start},
                                         {"wait", wait_for},
                                         {"end_with_parent", end_with_parent},
                                         {NULL, NULL}};
    luaL_newmetatable(L, type_name);
    luaL_setfuncs(L, methods, 0);
    lua_pushvalue(L, -1);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
    luaL_newlib(L, functions);
    return 1;
}
