// SPDX-License-Identifier: GPL-3.0-or-later
// The history file: XDG_STATE_HOME/gradus/history, mode 0600. Each entry is
// appended at once in one write, so that a killed session loses nothing and
// two sessions do not mix their lines.
#ifndef GRAD_REPL_HISTORY_H
#define GRAD_REPL_HISTORY_H

#include <stdbool.h>

// Reads the file, if `use_file`; without it entries live in memory only.
// Returns NULL, or a sentence (static) that says why nothing will be saved.
const char *grad_history_open(bool use_file);

// Adds an entry (any number of lines) unless it repeats the last one.
void grad_history_add(const char *text);

#endif
