// SPDX-License-Identifier: GPL-3.0-or-later
#include "repl/output.h"

#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static FILE *real;   // the stream that was `stdout`
static FILE *ours;   // NULL while nobody listens
static FILE *memory; // of the capture
static char *captured;
static size_t captured_length;
static bool shown = true;
static int copy = -1;

static void write_all(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t written = write(fd, bytes, n);
        if (written <= 0)
            return;
        bytes += written;
        n -= (size_t)written;
    }
}

static ssize_t on_write(void *cookie, const char *bytes, size_t n)
{
    if (memory)
        fwrite(bytes, 1, n, memory);
    if (shown) {
        write_all(STDOUT_FILENO, bytes, n);
        if (copy >= 0)
            write_all(copy, bytes, n);
    }
    return (ssize_t)n;
}

// Lets Lua's handles (io.stdout and the default output) write to `stream`.
static void change_handles(lua_State *L, FILE *from, FILE *to)
{
    const char *keys[] = {"_IO_output", NULL};
    for (int i = 0; i < 2; i++) {
        int top = lua_gettop(L);
        if (keys[i]) {
            lua_getfield(L, LUA_REGISTRYINDEX, keys[i]);
        } else {
            lua_getglobal(L, "io");
            if (lua_istable(L, -1))
                lua_getfield(L, -1, "stdout");
        }
        luaL_Stream *handle = luaL_testudata(L, -1, LUA_FILEHANDLE);
        if (handle && handle->f == from)
            handle->f = to;
        lua_settop(L, top);
    }
}

static bool begin(lua_State *L)
{
    if (ours)
        return true;
    cookie_io_functions_t functions = {NULL, on_write, NULL, NULL};
    FILE *stream = fopencookie(NULL, "w", functions);
    if (!stream)
        return false;
    setvbuf(stream, NULL, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF, 1 << 16);
    fflush(stdout);
    real = stdout;
    ours = stream;
    stdout = ours;
    change_handles(L, real, ours);
    return true;
}

static void end_if_unused(lua_State *L)
{
    if (!ours || memory || copy >= 0)
        return;
    fflush(ours);
    stdout = real;
    change_handles(L, ours, real);
    fclose(ours);
    ours = NULL;
}

bool grad_output_capture(lua_State *L, bool silent)
{
    if (memory || !begin(L))
        return false;
    fflush(ours);
    memory = open_memstream(&captured, &captured_length);
    shown = !silent || !memory;
    return memory != NULL;
}

size_t grad_output_captured(lua_State *L, char **text)
{
    *text = NULL;
    if (!memory)
        return 0;
    fflush(ours);
    fclose(memory);
    memory = NULL;
    shown = true;
    *text = captured;
    end_if_unused(L);
    return captured_length;
}

bool grad_output_copy_to(lua_State *L, int fd)
{
    if (ours)
        fflush(ours);
    if (fd >= 0 && !begin(L))
        return false;
    if (copy >= 0)
        close(copy);
    copy = fd;
    end_if_unused(L);
    return true;
}
