// SPDX-License-Identifier: GPL-3.0-or-later
#include "repl/output.h"

#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "repl/transcript.h"

static FILE *real;   // the stream that was `stdout`
static FILE *ours;   // NULL while nobody listens
static FILE *memory; // of the capture
static char *captured;
static size_t captured_length;
static bool shown = true;
static FILE *real_errors, *our_errors; // the same for `stderr`

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
        grad_transcript_add(bytes, n);
    }
    return (ssize_t)n;
}

static ssize_t on_error(void *cookie, const char *bytes, size_t n)
{
    write_all(STDERR_FILENO, bytes, n);
    grad_transcript_add(bytes, n);
    return (ssize_t)n;
}

static void change_handle(lua_State *L, FILE *from, FILE *to)
{
    luaL_Stream *handle = luaL_testudata(L, -1, LUA_FILEHANDLE);
    if (handle && handle->f == from)
        handle->f = to;
}

// Lets Lua's handles (the default output, io.stdout, io.stderr) write to `to`
// where they wrote to `from`.
static void change_handles(lua_State *L, FILE *from, FILE *to)
{
    static const char *const fields[] = {"stdout", "stderr"};
    int top = lua_gettop(L);
    lua_getfield(L, LUA_REGISTRYINDEX, "_IO_output");
    change_handle(L, from, to);
    lua_getglobal(L, "io");
    for (int i = 0; i < 2 && lua_istable(L, top + 2); i++) {
        lua_getfield(L, top + 2, fields[i]);
        change_handle(L, from, to);
        lua_pop(L, 1);
    }
    lua_settop(L, top);
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

static bool begin_errors(lua_State *L)
{
    if (our_errors)
        return true;
    cookie_io_functions_t functions = {NULL, on_error, NULL, NULL};
    FILE *stream = fopencookie(NULL, "w", functions);
    if (!stream)
        return false;
    setvbuf(stream, NULL, _IONBF, 0);
    real_errors = stderr;
    our_errors = stderr = stream;
    change_handles(L, real_errors, our_errors);
    return true;
}

static void end_errors(lua_State *L)
{
    if (!our_errors)
        return;
    stderr = real_errors;
    change_handles(L, our_errors, real_errors);
    fclose(our_errors);
    our_errors = NULL;
}

static void end_if_unused(lua_State *L)
{
    if (!ours || memory || grad_transcript_is_open())
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
    if (fd >= 0 && (!begin(L) || !begin_errors(L)))
        return false;
    grad_transcript_open(fd);
    if (fd < 0)
        end_errors(L);
    end_if_unused(L);
    return true;
}

void grad_output_note(const char *text, size_t n)
{
    if (ours)
        fflush(ours);
    grad_transcript_flush();
    grad_transcript_add(text, n);
}
