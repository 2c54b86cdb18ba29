// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes that grow at the end and are taken from the front, with a NUL behind.
#ifndef GRAD_GNUPLOT_TEXT_H
#define GRAD_GNUPLOT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct grad_text {
    char *bytes;
    size_t size, room;
};

// False, and nothing changed, when memory is out.
bool grad_text_add(struct grad_text *t, const char *bytes, size_t size);

// Drops the first `size` bytes.
void grad_text_drop(struct grad_text *t, size_t size);

// Empty again; the memory stays.
void grad_text_clear(struct grad_text *t);

void grad_text_free(struct grad_text *t);

#endif
