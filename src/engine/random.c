// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/random.h"

#include <stdatomic.h>
#include <string.h>

#include "engine/copy.h"
#include "engine/interrupt.h"
#include "engine/kernel/kernel.h"
#include "engine/thread.h"

enum { GROUPS_GRAIN = 256, BLOCKS = 16 };

static struct grad_random_state state = {1, 0, 0};

// That stream lies far above those that draws count up to.
static const uint64_t ones_stream = (uint64_t)1 << 63;

void grad_random_seed(uint64_t seed)
{
    state = (struct grad_random_state){seed, 0, 0};
}

struct grad_random_state grad_random_state(void)
{
    return state;
}

void grad_random_set_state(struct grad_random_state new_state)
{
    state = new_state;
}

uint64_t grad_random_stream(void)
{
    return state.stream++;
}

// --- one at a time -----------------------------------------------------------

void grad_random_block(const uint32_t counter[4], const uint32_t key[2],
                       uint32_t out[4])
{
    uint32_t a = counter[0], b = counter[1], c = counter[2], d = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        uint64_t p = (uint64_t)a * 0xD2511F53u, q = (uint64_t)c * 0xCD9E8D57u;
        a = (uint32_t)(q >> 32) ^ b ^ k0;
        b = (uint32_t)q;
        c = (uint32_t)(p >> 32) ^ d ^ k1;
        d = (uint32_t)p;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    out[0] = a, out[1] = b, out[2] = c, out[3] = d;
}

static uint64_t bits_at(uint64_t stream, uint64_t index)
{
    uint32_t out[4];
    uint32_t counter[4] = {(uint32_t)index, (uint32_t)(index >> 32),
                           (uint32_t)stream, (uint32_t)(stream >> 32)};
    uint32_t key[2] = {(uint32_t)state.seed, (uint32_t)(state.seed >> 32)};
    grad_random_block(counter, key, out);
    return (uint64_t)out[0] << 32 | out[1];
}

uint64_t grad_random_bits(void)
{
    return bits_at(ones_stream, state.ones++);
}

double grad_random_one(void)
{
    return (double)(grad_random_bits() >> 11) * (1.0 / 9007199254740992.0);
}

// A whole number below n, each equally likely.
static uint64_t below(uint64_t stream, uint64_t *index, uint64_t n)
{
    uint64_t limit = UINT64_MAX - UINT64_MAX % n, bits;
    do
        bits = bits_at(stream, (*index)++);
    while (bits >= limit);
    return bits % n;
}

// --- whole tensors -----------------------------------------------------------

struct draw {
    void (*fill)(uint64_t seed, uint64_t stream, uint64_t group, size_t n,
                 double a, double b, void *y);
    uint64_t stream;
    size_t n, per_group, item;
    double a, b;
    char *y;
};

static void fill_groups(void *context, size_t begin, size_t end, int part)
{
    const struct draw *d = context;
    size_t first = begin * d->per_group, last = end * d->per_group;
    if (last > d->n)
        last = d->n;
    d->fill(state.seed, d->stream, begin, last - first, d->a, d->b,
            d->y + first * d->item);
}

static void draw(struct grad_tensor *t, bool normal, double a, double b)
{
    const struct grad_kernels *k = grad_kernels(t->dtype);
    size_t item = grad_dtype_size(t->dtype);
    size_t per_group = GRAD_RANDOM_GROUP * sizeof(float) / item;
    struct draw d = {normal ? k->normal : k->uniform,
                     grad_random_stream(),
                     t->numel,
                     per_group,
                     item,
                     a,
                     b,
                     t->data};
    grad_tensor_touch(t);
    grad_parallel((t->numel + per_group - 1) / per_group, GROUPS_GRAIN,
                  fill_groups, &d);
}

void grad_random_uniform(struct grad_tensor *t, double lo, double hi)
{
    draw(t, false, lo, hi);
}

void grad_random_normal(struct grad_tensor *t, double mean, double std)
{
    draw(t, true, mean, std);
}

static uint64_t threshold(double keep)
{
    double words = keep * 4294967296.0;
    return words <= 0              ? 0
           : words >= 4294967296.0 ? (uint64_t)1 << 32
                                   : (uint64_t)words;
}

void grad_random_mask(enum grad_dtype dtype, uint64_t stream, size_t first,
                      size_t n, double keep, double scale, const void *x,
                      void *y)
{
    grad_kernels(dtype)->mask(state.seed, stream, first / GRAD_RANDOM_GROUP, n,
                              threshold(keep), scale, x, y);
}

struct coins {
    struct grad_tensor *t;
    uint64_t stream;
    double p;
};

// Groups [begin, end) of ones that are kept with probability p.
static void toss(void *context, size_t begin, size_t end, int part)
{
    const struct coins *c = context;
    size_t first = begin * GRAD_RANDOM_GROUP, last = end * GRAD_RANDOM_GROUP;
    last = last < c->t->numel ? last : c->t->numel;
    char *y = (char *)c->t->data + first * grad_dtype_size(c->t->dtype);
    grad_random_mask(c->t->dtype, c->stream, first, last - first, c->p, 1, y,
                     y);
}

void grad_random_bernoulli(struct grad_tensor *t, double p)
{
    struct coins c = {t, grad_random_stream(), p};
    grad_tensor_fill(t, 1);
    grad_parallel((t->numel + GRAD_RANDOM_GROUP - 1) / GRAD_RANDOM_GROUP,
                  GROUPS_GRAIN, toss, &c);
}

// Whole numbers lo..lo + span - 1. Element i takes block i of the stream; a
// block that would favour the low numbers is passed over, so that all further
// ones move up: that is rare, and the whole is drawn again one by one then.
struct integers {
    const struct grad_kernels *kernels;
    struct grad_tensor *t;
    uint64_t stream, span, limit;
    int64_t lo;
    atomic_bool passed_over;
};

static inline void put(struct grad_tensor *t, size_t i, double value)
{
    if (t->dtype == GRAD_FLOAT32)
        ((float *)t->data)[i] = (float)value;
    else
        ((double *)t->data)[i] = value;
}

static inline double take(const struct grad_tensor *t, size_t i)
{
    return t->dtype == GRAD_FLOAT32 ? ((const float *)t->data)[i]
                                    : ((const double *)t->data)[i];
}

// Groups [begin, end) of sixteen elements.
static void draw_integers(void *context, size_t begin, size_t end, int part)
{
    struct integers *d = context;
    for (size_t g = begin; g < end; g++) {
        uint64_t bits[BLOCKS];
        size_t first = g * BLOCKS, left = d->t->numel - first;
        size_t n = left < BLOCKS ? left : BLOCKS;
        d->kernels->bits(state.seed, d->stream, g, bits);
        for (size_t k = 0; k < n; k++) {
            if (bits[k] >= d->limit)
                atomic_store(&d->passed_over, true);
            put(d->t, first + k,
                (double)(d->lo + (int64_t)(bits[k] % d->span)));
        }
    }
}

void grad_random_integers(struct grad_tensor *t, int64_t lo, int64_t hi)
{
    uint64_t span = (uint64_t)(hi - lo) + 1, index = 0;
    struct integers d = {.kernels = grad_kernels(t->dtype),
                         .t = t,
                         .stream = grad_random_stream(),
                         .span = span,
                         .limit = UINT64_MAX - UINT64_MAX % span,
                         .lo = lo};
    grad_tensor_touch(t);
    grad_parallel((t->numel + BLOCKS - 1) / BLOCKS, GROUPS_GRAIN, draw_integers,
                  &d);
    for (size_t i = 0; d.passed_over && i < t->numel; i++)
        put(t, i, (double)(lo + (int64_t)below(d.stream, &index, span)));
}

// Numbers of 64 bits of a stream, in order, made sixteen at a time.
struct flow {
    const struct grad_kernels *kernels;
    uint64_t stream, next, bits[BLOCKS];
};

static uint64_t flow_below(struct flow *f, uint64_t n)
{
    uint64_t limit = UINT64_MAX - UINT64_MAX % n, bits;
    do {
        if (f->next % BLOCKS == 0)
            f->kernels->bits(state.seed, f->stream, f->next / BLOCKS, f->bits);
        bits = f->bits[f->next++ % BLOCKS];
    } while (bits >= limit);
    return bits % n;
}

// Fisher and Yates: every order equally likely. t is contiguous.
void grad_random_permutation(struct grad_tensor *t)
{
    struct flow f = {.kernels = grad_kernels(t->dtype),
                     .stream = grad_random_stream()};
    grad_tensor_touch(t);
    for (size_t i = 0; i < t->numel; i++)
        put(t, i, (double)(i + 1));
    for (size_t i = t->numel; i > 1 && !grad_interrupt_flag; i--) {
        size_t j = (size_t)flow_below(&f, i);
        double last = take(t, i - 1);
        put(t, i - 1, take(t, j));
        put(t, j, last);
    }
}
