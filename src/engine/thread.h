// SPDX-License-Identifier: GPL-3.0-or-later
// A small pool of threads that are woken, not made, for each piece of work.
#ifndef GRAD_ENGINE_THREAD_H
#define GRAD_ENGINE_THREAD_H

#include <stddef.h>

#include "engine/error.h"

enum { GRAD_MAX_THREADS = 64 };

// Works on [begin, end); `part` counts the parts from 0, below
// grad_threads(), and picks a part's own scratch memory.
typedef void (*grad_range_fn)(void *context, size_t begin, size_t end,
                              int part);

// Splits [0, n) into at most grad_threads() ranges of at least `grain` items
// and runs them all; returns when they are done. Where n < 2 * grain it is one
// plain call. Must not be called from inside a range.
void grad_parallel(size_t n, size_t grain, grad_range_fn run, void *context);

// Says whether a range may be given up half way when Ctrl-C is pressed: only
// while a result is computed that nobody has seen and that the caller throws
// away then. Returns what it was before. It starts as false.
extern bool grad_parallel_stops;
static inline bool grad_parallel_may_stop(bool yes)
{
    bool before = grad_parallel_stops;
    grad_parallel_stops = yes;
    return before;
}

// How many parts grad_parallel makes of n.
int grad_parallel_parts(size_t n, size_t grain);

// The number of threads, the calling one included. It starts as the number of
// processors this process may use.
int grad_threads(void);
bool grad_threads_set(int n, struct grad_error *error);

#endif
