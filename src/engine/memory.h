// SPDX-License-Identifier: GPL-3.0-or-later
// All memory of the engine: 64-byte aligned blocks in size classes. A freed
// block goes to its class's list and is handed out again, so that a training
// step in its steady state asks the system for nothing.
//
// Only the main thread allocates and frees; a kernel that runs on several
// threads gets its scratch memory from its caller.
#ifndef GRAD_ENGINE_MEMORY_H
#define GRAD_ENGINE_MEMORY_H

#include <stddef.h>

#include "engine/error.h"

struct grad_memory_stats {
    size_t live;      // bytes handed out and not yet freed
    size_t pooled;    // bytes kept for reuse
    size_t peak;      // the most that was live at once
    size_t system;    // how often the system was asked for a block
    size_t allocated; // bytes handed out since the start, for the collector
};

// A block of at least `bytes` bytes with undefined contents, or NULL and a
// GRAD_ERROR_MEMORY. The caller frees it with the same `bytes`.
void *grad_memory_alloc(size_t bytes, struct grad_error *error);
void grad_memory_free(void *block, size_t bytes);

// a * b, or false where that does not fit.
bool grad_size_multiply(size_t a, size_t b, size_t *product);

struct grad_memory_stats grad_memory_stats(void);
size_t grad_memory_allocated(void); // stats.allocated alone
void grad_memory_reset_peak(void);

// Gives all pooled blocks back to the system.
void grad_memory_trim(void);

// From now on requests that would make more than `most` bytes live fail;
// SIZE_MAX takes the limit away. Returns how many have failed for it so far.
size_t grad_memory_limit(size_t most);

// For tests: the n-th allocation from now fails (0: the next), and all later
// ones succeed; a negative n switches this off. `grad_memory_failed` tells
// whether it has happened.
void grad_memory_fail_at(long n);
bool grad_memory_failed(void);

#endif
