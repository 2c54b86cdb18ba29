// SPDX-License-Identifier: GPL-3.0-or-later
#include "repl/transcript.h"

#include <unistd.h>

enum state {
    TEXT,
    ESCAPE,  // behind an escape byte
    CONTROL, // in ESC [ ... letter
    STRING,  // in ESC P ... or ESC ] ..., up to ESC \ or BEL
    STRING_ESCAPE,
};

static int file = -1;
static enum state state;
static char line[1 << 16]; // a longer one is written in pieces
static size_t used;
static bool again; // a carriage return: the next byte begins the line anew

static void write_line(void)
{
    for (size_t at = 0; at < used;) {
        ssize_t n = write(file, line + at, used - at);
        if (n <= 0)
            break;
        at += (size_t)n;
    }
    used = 0;
    again = false;
}

static void put(char c)
{
    if (c == '\r') {
        again = true;
        return;
    }
    if (again && c != '\n')
        used = 0;
    again = false;
    line[used++] = c;
    if (c == '\n' || used == sizeof line)
        write_line();
}

static enum state next(char c)
{
    switch (state) {
    case ESCAPE:
        return c == '[' ? CONTROL : c == 'P' || c == ']' ? STRING : TEXT;
    case CONTROL:
        return c >= '@' && c <= '~' ? TEXT : CONTROL;
    case STRING:
        return c == '\033' ? STRING_ESCAPE : c == '\a' ? TEXT : STRING;
    case STRING_ESCAPE:
        return c == '\\' ? TEXT : STRING;
    default:
        break;
    }
    if (c == '\033')
        return ESCAPE;
    put(c);
    return TEXT;
}

void grad_transcript_open(int fd)
{
    if (file >= 0) {
        grad_transcript_flush();
        close(file);
    }
    file = fd;
    state = TEXT;
    used = 0;
}

bool grad_transcript_is_open(void)
{
    return file >= 0;
}

void grad_transcript_add(const char *bytes, size_t n)
{
    for (size_t i = 0; file >= 0 && i < n; i++)
        state = next(bytes[i]);
}

void grad_transcript_flush(void)
{
    if (used > 0)
        put('\n');
}
