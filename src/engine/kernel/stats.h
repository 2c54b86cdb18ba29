// SPDX-License-Identifier: GPL-3.0-or-later
// What the kernels of stats.inc fill.
#ifndef GRAD_ENGINE_KERNEL_STATS_H
#define GRAD_ENGINE_KERNEL_STATS_H

#include <stddef.h>
#include <stdint.h>

// Of one block of elements.
struct grad_block_stats {
    double mean, squares;
    double min, max; // without regard to NaN; infinities if there is no other
    size_t zeros, beyond, nans, infs;
};

// A kernel takes at most so many elements at once.
enum { GRAD_STATS_BLOCK = 2048 };
// Neighbouring elements are counted in different copies of the histogram, so
// that equal ones need not wait for each other.
enum { GRAD_HISTOGRAM_COPIES = 4 };
// With at most so many bins the counters of all pairs fit into the first cache.
enum { GRAD_HISTOGRAM_PAIRED = 64 };

#endif
