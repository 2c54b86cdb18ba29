// SPDX-License-Identifier: GPL-3.0-or-later
// The copy of a session for `:log`: what was shown, as plain lines. Escape
// sequences are left out, and of a line that was drawn again and again, as a
// progress bar is, the last form stays.
#ifndef GRAD_REPL_TRANSCRIPT_H
#define GRAD_REPL_TRANSCRIPT_H

#include <stdbool.h>
#include <stddef.h>

// Begins to write to `fd`, which is closed by the next call or at the end;
// -1 ends the transcript.
void grad_transcript_open(int fd);
bool grad_transcript_is_open(void);

// Shown bytes; a line is written when it is complete.
void grad_transcript_add(const char *bytes, size_t n);

// Writes what there is of a line, which ends then.
void grad_transcript_flush(void);

#endif
