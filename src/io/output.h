// SPDX-License-Identifier: GPL-3.0-or-later
// A file that is replaced as a whole: what is written goes to a temporary file
// in the same folder, which takes the file's place when everything is on the
// disk. Killed at any moment, out of space or without permission, the old file
// is still there and whole.
//
// The old file's permissions are kept. A symbolic link is followed: what it
// points to is replaced. A device or a pipe is written directly.
#ifndef GRAD_IO_OUTPUT_H
#define GRAD_IO_OUTPUT_H

#include <stddef.h>

#include "engine/error.h"

struct grad_output;

// NULL with `error` filled where there is nothing to write to.
struct grad_output *grad_output_open(const char *path,
                                     struct grad_error *error);

bool grad_output_write(struct grad_output *out, const void *bytes, size_t n,
                       struct grad_error *error);

// Puts the new file in its place. Frees `out`, whatever happens.
bool grad_output_commit(struct grad_output *out, struct grad_error *error);

// Throws away what was written and frees `out`. NULL is fine.
void grad_output_abandon(struct grad_output *out);

#endif
