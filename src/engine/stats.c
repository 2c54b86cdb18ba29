// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stats.h"

#include <math.h>
#include <string.h>

#include "engine/copy.h"
#include "engine/kernel/kernel.h"
#include "engine/memory.h"
#include "engine/thread.h"

enum { BLOCKS_GRAIN = 16 };

struct pass {
    const struct grad_kernels *kernels;
    const char *x;
    size_t n, item;
    double bound;
    bool moments;
    struct grad_stats part[GRAD_MAX_THREADS];
    const struct grad_histogram *histogram; // NULL: none
    bool paired;                            // counted by pairs of elements
    char *count;                            // of each thread
    size_t per_part;                        // bytes
};

static void start(struct grad_stats *s)
{
    *s = (struct grad_stats){.min = INFINITY, .max = -INFINITY};
}

// Adds a set of m elements to s; the mean and the squares of the union are
// exact: squares = s1 + s2 + d^2 n m / (n + m), d the distance of the means.
static void join(struct grad_stats *s, size_t m,
                 const struct grad_block_stats *b)
{
    double total = (double)(s->n + m), d = b->mean - s->mean;
    s->squares += b->squares + d * d * (double)s->n * (double)m / total;
    s->mean = s->n ? s->mean + d * (double)m / total : b->mean;
    s->n += m;
    s->min = b->min < s->min ? b->min : s->min;
    s->max = b->max > s->max ? b->max : s->max;
    s->zeros += b->zeros;
    s->beyond += b->beyond;
    s->nans += b->nans;
    s->infs += b->infs;
}

static void join_part(struct grad_stats *s, const struct grad_stats *p)
{
    struct grad_block_stats b = {p->mean,  p->squares, p->min,  p->max,
                                 p->zeros, p->beyond,  p->nans, p->infs};
    if (p->n)
        join(s, p->n, &b);
}

static void *counters(const struct pass *r, int part)
{
    return r->count + (size_t)part * r->per_part;
}

static void count_block(const struct pass *r, int part, size_t n, const char *x)
{
    const struct grad_histogram *h = r->histogram;
    if (r->paired)
        r->kernels->histogram_pairs(n, x, h->lo, h->hi, h->bins,
                                    counters(r, part));
    else
        r->kernels->histogram(n, x, h->lo, h->hi, h->bins, counters(r, part));
}

// Blocks [begin, end), moments and histogram of each while it is in cache.
static void pass_range(void *context, size_t begin, size_t end, int part)
{
    struct pass *r = context;
    const struct grad_histogram *h = r->histogram;
    for (size_t i = begin; i < end; i++) {
        size_t first = i * GRAD_STATS_BLOCK;
        size_t n =
            r->n - first < GRAD_STATS_BLOCK ? r->n - first : GRAD_STATS_BLOCK;
        const char *x = r->x + first * r->item;
        struct grad_block_stats block;
        if (r->moments) {
            r->kernels->block_stats(n, x, r->bound, &block);
            join(&r->part[part], n, &block);
        }
        if (h)
            count_block(r, part, n, x);
    }
}

// Counters of one thread, in copies or of pairs, joined to those of h.
static void join_copies(const struct grad_histogram *h, const uint64_t *from)
{
    size_t bins = (size_t)h->bins, row = bins + 1;
    for (size_t k = 0; k < GRAD_HISTOGRAM_COPIES; k++, from += row) {
        for (size_t i = 0; i < bins; i++)
            h->count[i] += from[i];
    }
}

static void join_pairs(const struct grad_histogram *h, const uint32_t *from)
{
    size_t bins = (size_t)h->bins, row = bins + 1;
    for (size_t i = 0; i < row; i++, from += row) {
        uint64_t sum = 0;
        for (size_t j = 0; j < bins; j++) {
            sum += from[j];
            h->count[j] += from[j];
        }
        if (i < bins)
            h->count[i] += sum + from[bins];
    }
}

static void sum_counts(const struct pass *r, int parts)
{
    const struct grad_histogram *h = r->histogram;
    memset(h->count, 0, (size_t)h->bins * sizeof *h->count);
    for (int k = 0; k < parts; k++) {
        void *from = counters(r, k);
        if (r->paired)
            join_pairs(h, from);
        else
            join_copies(h, from);
    }
}

// Pairs where their many counters are worth it, and cannot run over.
static bool is_paired(const struct pass *r, int parts)
{
    size_t row = (size_t)r->histogram->bins + 1;
    return r->histogram->bins <= GRAD_HISTOGRAM_PAIRED &&
           r->n / (size_t)parts >= 8 * row * row && r->n < UINT32_MAX;
}

static size_t counter_bytes(const struct pass *r)
{
    size_t row = (size_t)r->histogram->bins + 1, line = GRAD_MEMORY_LINE;
    size_t bytes = r->paired ? row * row * sizeof(uint32_t)
                             : GRAD_HISTOGRAM_COPIES * row * sizeof(uint64_t);
    return (bytes + line - 1) / line * line;
}

static bool run(struct pass *r, struct grad_error *error)
{
    size_t blocks = (r->n + GRAD_STATS_BLOCK - 1) / GRAD_STATS_BLOCK, bytes = 0;
    int parts = grad_parallel_parts(blocks, BLOCKS_GRAIN);
    for (int i = 0; i < parts; i++)
        start(&r->part[i]);
    if (r->histogram) {
        r->paired = is_paired(r, parts);
        r->per_part = counter_bytes(r);
        bytes = (size_t)parts * r->per_part;
        r->count = grad_memory_alloc(bytes, error);
        if (!r->count)
            return false;
        memset(r->count, 0, bytes);
    }
    grad_parallel(blocks, BLOCKS_GRAIN, pass_range, r);
    if (r->histogram) {
        sum_counts(r, parts);
        grad_memory_free(r->count, bytes);
    }
    for (int i = 1; i < parts; i++)
        join_part(&r->part[0], &r->part[i]);
    return true;
}

static bool check_range(struct grad_histogram *h, struct grad_error *error)
{
    if (h->bins < 1 || h->bins > GRAD_MAX_BINS)
        return grad_fail(error, GRAD_ERROR_ARGUMENT,
                         "histogram: 1 to %d bins; got %d", GRAD_MAX_BINS,
                         h->bins);
    if (!h->automatic &&
        !(isfinite(h->lo) && isfinite(h->hi) && h->lo <= h->hi))
        return grad_fail(error, GRAD_ERROR_ARGUMENT,
                         "histogram: the range goes from %g to %g; expected "
                         "two finite numbers in order",
                         h->lo, h->hi);
    if (h->lo == h->hi && !h->automatic) {
        h->lo -= 1;
        h->hi += 1;
    }
    return true;
}

// Bounds from the elements; with infinities among them a slow look for the
// others.
static void find_range(const struct grad_tensor *t, const struct grad_stats *s,
                       struct grad_histogram *h)
{
    double lo = s->min, hi = s->max;
    if (s->infs) {
        lo = INFINITY;
        hi = -INFINITY;
        for (size_t i = 0; i < t->numel; i++) {
            double v = grad_tensor_get(t, i);
            lo = isfinite(v) && v < lo ? v : lo;
            hi = isfinite(v) && v > hi ? v : hi;
        }
    }
    if (!(lo <= hi)) // no finite element
        lo = hi = 0;
    h->lo = lo == hi ? lo - 1 : lo;
    h->hi = lo == hi ? hi + 1 : hi;
}

static void finish(struct grad_stats *s, const struct grad_stats *sum)
{
    *s = *sum;
    if (s->n == 0)
        s->mean = s->min = s->max = s->squares = NAN;
    if (s->nans)
        s->min = s->max = NAN;
}

// The contiguous x has been read into r once its range is known.
static bool collect(struct pass *r, const struct grad_tensor *x,
                    struct grad_histogram *h, struct grad_stats *stats,
                    struct grad_error *error)
{
    r->moments = stats || h->automatic;
    r->histogram = h && !h->automatic ? h : NULL;
    if (!run(r, error))
        return false;
    if (h && h->automatic) {
        find_range(x, &r->part[0], h);
        struct pass second = {.kernels = r->kernels,
                              .x = r->x,
                              .n = r->n,
                              .item = r->item,
                              .histogram = h};
        if (!run(&second, error))
            return false;
    }
    if (stats)
        finish(stats, &r->part[0]);
    return true;
}

bool grad_stats_collect(struct grad_tensor *t, double bound,
                        struct grad_histogram *histogram,
                        struct grad_stats *stats, struct grad_error *error)
{
    if (histogram && !check_range(histogram, error))
        return false;
    struct grad_tensor *x = grad_tensor_contiguous(t, error);
    if (!x)
        return false;
    struct pass r = {.kernels = grad_kernels(x->dtype),
                     .x = x->data,
                     .n = x->numel,
                     .item = grad_dtype_size(x->dtype),
                     .bound = bound};
    bool ok = collect(&r, x, histogram, stats, error);
    grad_tensor_release(x);
    return ok;
}

bool grad_histogram_collect(struct grad_tensor *t,
                            struct grad_histogram *histogram,
                            struct grad_error *error)
{
    return grad_stats_collect(t, INFINITY, histogram, NULL, error);
}
