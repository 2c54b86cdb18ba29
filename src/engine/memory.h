// SPDX-License-Identifier: GPL-3.0-or-later
// All memory of the engine: 64-byte aligned blocks in size classes. A freed
// block goes to its class's list and is handed out again, so that a training
// step in its steady state asks the system for nothing.
//
// Only the main thread allocates and frees; a kernel that runs on several
// threads gets its scratch memory from its caller.
#ifndef GRAD_ENGINE_MEMORY_H
#define GRAD_ENGINE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/error.h"

struct grad_memory_stats {
    size_t live;      // bytes handed out and not yet freed
    size_t held;      // bytes taken from the system: live or kept for reuse
    size_t peak;      // the most that was live at once
    size_t system;    // how often the system was asked for a block
    size_t allocated; // bytes handed out since the start, for the collector
};

// What alloc and free look at: lists of small blocks, by lines of 64 bytes, and
// the counters. Theirs alone; it stands here so that they can be inlined, since
// an op on single numbers is little more than four of these calls.
enum { GRAD_MEMORY_SMALL = 1024, GRAD_MEMORY_LINE = 64 };
struct grad_memory_block {
    struct grad_memory_block *next;
};
struct grad_memory_quick {
    struct grad_memory_block *list[GRAD_MEMORY_SMALL / GRAD_MEMORY_LINE];
    struct grad_memory_stats stats;
    bool off; // a failure is planned, or nothing is pooled
};
extern struct grad_memory_quick grad_memory_quick;

void *grad_memory_alloc_any(size_t bytes, struct grad_error *error);
void grad_memory_free_any(void *block, size_t bytes);

// A block of at least `bytes` bytes with undefined contents, or NULL and a
// GRAD_ERROR_MEMORY. The caller frees it with the same `bytes`.
static inline void *grad_memory_alloc(size_t bytes, struct grad_error *error)
{
    struct grad_memory_quick *q = &grad_memory_quick;
    size_t line = (bytes - 1) / GRAD_MEMORY_LINE;
    if (bytes - 1 >= GRAD_MEMORY_SMALL || q->off || !q->list[line])
        return grad_memory_alloc_any(bytes, error);
    struct grad_memory_block *block = q->list[line];
    size_t size = (line + 1) * GRAD_MEMORY_LINE;
    q->list[line] = block->next;
    q->stats.live += size;
    q->stats.allocated += size;
    if (q->stats.live > q->stats.peak)
        q->stats.peak = q->stats.live;
    return block;
}

static inline void grad_memory_free(void *block, size_t bytes)
{
    struct grad_memory_quick *q = &grad_memory_quick;
    size_t line = (bytes - 1) / GRAD_MEMORY_LINE;
    if (!block || bytes - 1 >= GRAD_MEMORY_SMALL || q->off) {
        grad_memory_free_any(block, bytes);
        return;
    }
    struct grad_memory_block *entry = block;
    size_t size = (line + 1) * GRAD_MEMORY_LINE;
    entry->next = q->list[line];
    q->list[line] = entry;
    q->stats.live -= size;
}

// a * b, or false where that does not fit.
static inline bool grad_size_multiply(size_t a, size_t b, size_t *product)
{
    return !__builtin_mul_overflow(a, b, product);
}

struct grad_memory_stats grad_memory_stats(void);
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
