// SPDX-License-Identifier: GPL-3.0-or-later
// Single keys, for programs that turn pages rather than read lines.
#ifndef GRAD_REPL_KEY_H
#define GRAD_REPL_KEY_H

#include <stddef.h>

// Waits for a key on standard input and stores the bytes it sends: one
// character of UTF-8, or a sequence like ESC [ C for an arrow. Returns their
// number, 0 at the end of the input and when a signal came. A terminal reads
// by keys without echo only while this waits. Where standard input is no
// terminal a key is a character.
size_t grad_key_read(char *bytes, size_t most);

#endif
