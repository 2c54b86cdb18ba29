// SPDX-License-Identifier: GPL-3.0-or-later
// A file that is read from front to back, or bytes in memory that stand for
// one. Every reader of src/io takes one of these.
//
// The size is known before the first byte is read, so a reader compares what
// a header claims with what is there before it allocates anything. Messages
// are "NAME: at byte N: reason", N counted from 0 as hexdump does.
#ifndef GRAD_IO_INPUT_H
#define GRAD_IO_INPUT_H

#include <stddef.h>
#include <stdint.h>

#include "engine/error.h"

struct grad_input;

// Opens a regular file. `path` must outlive the input. NULL with `error`
// filled where it is missing, a folder or not readable.
struct grad_input *grad_input_open(const char *path, struct grad_error *error);

// Reads from memory, which like `name` must outlive the input.
struct grad_input *grad_input_memory(const char *name, const void *bytes,
                                     size_t size, struct grad_error *error);

// NULL is fine.
void grad_input_close(struct grad_input *in);

// Where the content begins with gzip's two bytes, all that follows sees it
// unpacked. Unpacks it once to learn its size; nothing is kept. Call it before
// anything is read.
bool grad_input_unpack(struct grad_input *in, struct grad_error *error);

// Of the content, unpacked where it is packed.
uint64_t grad_input_size(const struct grad_input *in);
// Where the next byte comes from.
uint64_t grad_input_at(const struct grad_input *in);
// size - at
uint64_t grad_input_left(const struct grad_input *in);

// Reads exactly n bytes. `what` names them in the error of a file that ends
// too early.
bool grad_input_read(struct grad_input *in, void *to, size_t n,
                     const char *what, struct grad_error *error);

// Fills `error` with "NAME: at byte OFFSET: ..."; always false.
bool grad_input_fail(const struct grad_input *in, uint64_t offset,
                     struct grad_error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
