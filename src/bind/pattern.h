// SPDX-License-Identifier: GPL-3.0-or-later
// Lua's patterns, made into nodes and matched by backtracking. Lua's own code
// tries every way through a pattern like "a-a-a-a-b" and cannot be stopped;
// this one asks the watch (bind/watch.h) every so many steps.
//
// A pattern is checked as a whole, so that a malformed end is an error also
// where the beginning does not match.
#ifndef GRAD_BIND_PATTERN_H
#define GRAD_BIND_PATTERN_H

#include <lua.h>
#include <stddef.h>
#include <stdint.h>

enum { GRAD_MAX_CAPTURES = 32 };

struct grad_node {
    unsigned char kind;   // enum kind of pattern.c
    char repeat;          // '*', '+', '-', '?' or 0
    unsigned char number; // of a capture
    unsigned char open, close;
    uint64_t set[4]; // of bytes
};

struct grad_capture {
    const char *from;
    ptrdiff_t length; // GRAD_IS_POSITION: no text
};

enum { GRAD_IS_POSITION = -1 };

// A search: all but the captures is filled in by who searches.
struct grad_search {
    lua_State *L;
    const char *begin, *end; // of the subject
    const struct grad_node *nodes;
    int captures, depth;
    unsigned steps;
    struct grad_capture capture[GRAD_MAX_CAPTURES];
};

// Fills `nodes`, which has room for one node more than the pattern has bytes;
// returns the number of captures. Raises where the pattern is malformed.
int grad_pattern_make(lua_State *L, const char *pattern, size_t length,
                      struct grad_node *nodes);

// The end of a match that begins at p, or NULL. Raises when the watch says so.
const char *grad_pattern_match(struct grad_search *s, const char *p);

#endif
