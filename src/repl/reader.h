// SPDX-License-Identifier: GPL-3.0-or-later
// One line from the terminal, edited with GNU Readline's callback interface.
// Nothing here knows Lua; completion is a callback.
#ifndef GRAD_REPL_READER_H
#define GRAD_REPL_READER_H

#include <stdbool.h>
#include <stddef.h>

enum grad_reader_end {
    GRAD_READER_LINE,
    GRAD_READER_EOF,         // Ctrl-D on an empty line
    GRAD_READER_INTERRUPT,   // Ctrl-C
    GRAD_READER_TERMINATION, // SIGTERM or SIGHUP
    GRAD_READER_HANGUP       // the terminal is gone
};

// What a completion does to the line. The strings are malloc'ed by the
// callback and freed by the reader; either may be NULL.
struct grad_completion {
    size_t remove; // bytes before the cursor
    char *insert;
    char *show; // printed above the line
};

// `point` is the cursor's byte offset; `again` tells a second TAB in a row.
typedef void (*grad_reader_complete)(const char *line, size_t point, bool again,
                                     struct grad_completion *result);

// Call once, before the first line.
void grad_reader_open(grad_reader_complete complete);

// Reads a line that begins as `initial`. Escape sequences in the prompt are
// recognised. *line is malloc'ed and belongs to the caller if the result is
// GRAD_READER_LINE, else NULL.
enum grad_reader_end grad_reader_read(const char *prompt, const char *initial,
                                      char **line);

// Columns and rows of the terminal; 80 and 24 if there is none.
void grad_reader_size(int *columns, int *rows);

#endif
