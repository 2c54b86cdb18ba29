// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/random.h"

#include <string.h>

#include "engine/kernel/kernel.h"
#include "engine/thread.h"

enum { GROUPS_GRAIN = 256 };

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

// --- one at a time
// ----------------------------------------------------------------

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

// --- whole tensors
// ------------------------------------------------------------------

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

void grad_random_bernoulli(struct grad_tensor *t, double p)
{
    uint64_t stream = grad_random_stream();
    grad_tensor_fill(t, 1);
    grad_random_mask(t->dtype, stream, 0, t->numel, p, 1, t->data, t->data);
}

void grad_random_integers(struct grad_tensor *t, int64_t lo, int64_t hi)
{
    uint64_t stream = grad_random_stream(), index = 0;
    uint64_t span = (uint64_t)(hi - lo) + 1;
    grad_tensor_touch(t);
    for (size_t i = 0; i < t->numel; i++)
        grad_tensor_set(t, i,
                        (double)(lo + (int64_t)below(stream, &index, span)));
}

// Fisher and Yates: every order equally likely.
void grad_random_permutation(struct grad_tensor *t)
{
    uint64_t stream = grad_random_stream(), index = 0;
    grad_tensor_touch(t);
    for (size_t i = 0; i < t->numel; i++)
        grad_tensor_set(t, i, (double)(i + 1));
    for (size_t i = t->numel; i > 1; i--) {
        size_t j = (size_t)below(stream, &index, i);
        double last = grad_tensor_get(t, i - 1);
        grad_tensor_set(t, i - 1, grad_tensor_get(t, j));
        grad_tensor_set(t, j, last);
    }
}
