// SPDX-License-Identifier: GPL-3.0-or-later
// Kernels: loops over plain arrays, compiled once for each type and each CPU
// level, and chosen when the program starts. A kernel allocates nothing, never
// fails and knows nothing of tensors or threads; NaN and infinity come through
// every one of them.
//
// Adding a kernel: a function in one of the .inc files of this folder (they
// are compiled for T = float and T = double), and a field in the table below,
// which is filled in kernels.inc.
#ifndef GRAD_ENGINE_KERNEL_KERNEL_H
#define GRAD_ENGINE_KERNEL_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#include "engine/kernel/along.h"
#include "engine/kernel/nn.h"
#include "engine/kernel/stats.h"
#include "engine/tensor.h"

enum grad_unary {
#define U(name, forward, backward) GRAD_UNARY_##name,
#include "engine/kernel/unary.def"
#undef U
    GRAD_UNARY_COUNT
};

enum grad_binary {
#define B(name, forward, ga, gb) GRAD_BINARY_##name,
#include "engine/kernel/binary.def"
#undef B
    GRAD_BINARY_COUNT
};

struct grad_kernels {
    // y[i] = f(x[i]); p holds the function's parameters
    void (*unary[GRAD_UNARY_COUNT])(size_t n, const void *x, void *y,
                                    const double *p);
    // gx[i] = g[i] * f'; s is the saved input or output. gx may be g.
    void (*unary_back[GRAD_UNARY_COUNT])(size_t n, const void *g, const void *s,
                                         void *gx, const double *p);
    // y[i] = f(a[i * sa], b[i * sb])
    void (*binary[GRAD_BINARY_COUNT])(size_t n, const void *a, ptrdiff_t sa,
                                      const void *b, ptrdiff_t sb, void *y);
    // out[i] = g[i] * df/da, and the same for b; NULL for comparisons
    void (*binary_ga[GRAD_BINARY_COUNT])(size_t n, const void *g, const void *a,
                                         ptrdiff_t sa, const void *b,
                                         ptrdiff_t sb, void *out);
    void (*binary_gb[GRAD_BINARY_COUNT])(size_t n, const void *g, const void *a,
                                         ptrdiff_t sa, const void *b,
                                         ptrdiff_t sb, void *out);
    // the sum of n elements, kept exact by pairwise partial sums
    double (*sum)(size_t n, const void *x);
    // y[i] += x[i]
    void (*accumulate)(size_t n, const void *x, void *y);
    // y[i] = x[i] * scale
    void (*scale)(size_t n, double scale, const void *x, void *y);
    // random numbers of a stream, from a group on; see random.inc
    void (*uniform)(uint64_t seed, uint64_t stream, uint64_t group, size_t n,
                    double lo, double hi, void *y);
    void (*normal)(uint64_t seed, uint64_t stream, uint64_t group, size_t n,
                   double mean, double std, void *y);
    // 64 bits of each of the 16 blocks of a group, see grad_random_block
    void (*bits)(uint64_t seed, uint64_t stream, uint64_t group,
                 uint64_t bits[16]);
    // y[i] = x[i] * scale where its word is below `keep` (of 2^32), else 0
    void (*mask)(uint64_t seed, uint64_t stream, uint64_t group, size_t n,
                 uint64_t keep, double scale, const void *x, void *y);
    // rows of y (rows, n), each += b (n)
    void (*add_row)(size_t rows, size_t n, const void *b, void *y);
    // of n <= GRAD_STATS_BLOCK elements
    void (*block_stats)(size_t n, const void *x, double bound,
                        struct grad_block_stats *s);
    // adds to GRAD_HISTOGRAM_COPIES rows of bins + 1 counters each, the last
    // one for what lies outside
    void (*histogram)(size_t n, const void *x, double lo, double hi, int bins,
                      uint64_t *count);
    // the same for (bins + 1)^2 counters, one for each pair of bins; at most
    // GRAD_HISTOGRAM_PAIRED bins
    void (*histogram_pairs)(size_t n, const void *x, double lo, double hi,
                            int bins, uint32_t *count);
    // those of neural networks
    const struct grad_nn_kernels *nn;
    // those along one dimension
    const struct grad_along_kernels *along;
};

// The table for a type, for the best level this CPU has.
extern const struct grad_kernels *grad_kernels_chosen[2];
const struct grad_kernels *grad_kernels_choose(enum grad_dtype dtype);
static inline const struct grad_kernels *grad_kernels(enum grad_dtype dtype)
{
    const struct grad_kernels *k = grad_kernels_chosen[dtype];
    return k ? k : grad_kernels_choose(dtype);
}
// "x86-64", "x86-64-v3", "x86-64-v4" or "generic"; for messages and tests.
const char *grad_kernels_level(void);

#endif
