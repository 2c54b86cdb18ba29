// SPDX-License-Identifier: GPL-3.0-or-later
// What every fuzz target shares: the input, and the checks after it. Nothing
// may stay allocated, a failure must come with a message, and the memory in
// use must stay in proportion to the input: a header's claim alone must not
// cost anything.
#ifndef FUZZ_TARGET_H
#define FUZZ_TARGET_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/memory.h"
#include "io/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct grad_error fuzz_error;

static inline struct grad_input *fuzz_open(const uint8_t *data, size_t size)
{
    grad_error_clear(&fuzz_error);
    grad_memory_reset_peak();
    return grad_input_memory("fuzz", data, size, &fuzz_error);
}

// `good`: the reader has returned something, which has been freed by now.
static inline void fuzz_close(struct grad_input *in, bool good, size_t size)
{
    // A gzipped byte can hold a thousand, a byte become a float64 with a row
    // of bookkeeping beside it.
    uint64_t whole = grad_input_size(in) > size ? grad_input_size(in) : size;
    grad_input_close(in);
    struct grad_memory_stats stats = grad_memory_stats();
    if (stats.live != 0 || stats.peak > (1 << 19) + 256 * whole ||
        good != (fuzz_error.code == GRAD_OK) ||
        (!good && !fuzz_error.message[0])) {
        fprintf(stderr, "live %zu, peak %zu, good %d, error '%s'\n", stats.live,
                stats.peak, good, fuzz_error.message);
        abort();
    }
}

#endif
