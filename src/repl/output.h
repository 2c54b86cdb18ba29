// SPDX-License-Identifier: GPL-3.0-or-later
// Standard output as seen by print and io.write, so that a transcript or a
// test gets what is printed. It replaces the C library's `stdout` by a stream
// of our own while anybody listens; file descriptor 1 stays what it is.
#ifndef GRAD_REPL_OUTPUT_H
#define GRAD_REPL_OUTPUT_H

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>

// Begins to keep what is printed; with `silent` it is not shown. At most one
// at a time: returns false if another one runs.
bool grad_output_capture(lua_State *L, bool silent);

// Ends it. *text is malloc'ed and belongs to the caller; NULL if none ran.
size_t grad_output_captured(lua_State *L, char **text);

// Also writes all that is shown, errors too, to the file descriptor, as the
// transcript of repl/transcript.h, which owns it from now on; -1: no more.
bool grad_output_copy_to(lua_State *L, int fd);

// Adds text to the transcript that was not printed by the program.
void grad_output_note(const char *text, size_t n);

#endif
