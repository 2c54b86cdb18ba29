// SPDX-License-Identifier: GPL-3.0-or-later
// What is in a tensor: moments, extremes, counts and a histogram, in one pass
// over memory.
#ifndef GRAD_ENGINE_STATS_H
#define GRAD_ENGINE_STATS_H

#include <stdint.h>

#include "engine/tensor.h"

// NaN and infinity are counted, and go into mean and variance as arithmetic
// has it: one NaN makes both NaN. min and max are NaN where any element is.
// Without elements mean, variance, min and max are NaN.
struct grad_stats {
    size_t n;
    size_t zeros;
    size_t beyond; // |x| above the bound
    size_t nans;
    size_t infs;
    double mean;
    double squares; // sum of the squared distances from the mean
    double min, max;
};

enum { GRAD_MAX_BINS = 65536 };

// Elements outside [lo, hi] and NaN fall in no bin; hi itself falls in the
// last one.
struct grad_histogram {
    int bins;
    bool automatic;  // lo and hi become the smallest and largest finite
                     // element, widened by 1 where they are equal
    double lo, hi;   // else as given
    uint64_t *count; // [bins], the caller's
};

// `histogram` may be NULL. False without memory, or where the histogram's
// bounds are not finite or not in order.
bool grad_stats_collect(struct grad_tensor *t, double bound,
                        struct grad_histogram *histogram,
                        struct grad_stats *stats, struct grad_error *error);

// The histogram alone.
bool grad_histogram_collect(struct grad_tensor *t,
                            struct grad_histogram *histogram,
                            struct grad_error *error);

#endif
