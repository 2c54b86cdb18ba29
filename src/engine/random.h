// SPDX-License-Identifier: GPL-3.0-or-later
// Random numbers: Philox4x32-10, a generator without a state to step. A
// number is a function of the session's seed, the stream (which draw of the
// session it belongs to) and its place in that draw; so results do not depend
// on the number of threads, and a mask can be made again from its stream.
#ifndef GRAD_ENGINE_RANDOM_H
#define GRAD_ENGINE_RANDOM_H

#include <stdint.h>

#include "engine/tensor.h"

struct grad_random_state {
    uint64_t seed;
    uint64_t stream; // of the next draw
    uint64_t ones;   // numbers taken one at a time
};

// Starts anew from a seed. A session that never does starts from seed 1.
void grad_random_seed(uint64_t seed);
struct grad_random_state grad_random_state(void);
void grad_random_set_state(struct grad_random_state state);

// Takes the number of the next stream; every draw uses one.
uint64_t grad_random_stream(void);

// Fill contiguous t. Uniform is over [lo, hi); normals have that mean and
// standard deviation; bernoulli gives 1 with probability p, else 0; integers
// are whole numbers from lo to hi, both included; a permutation is of 1..n.
void grad_random_uniform(struct grad_tensor *t, double lo, double hi);
void grad_random_normal(struct grad_tensor *t, double mean, double std);
void grad_random_bernoulli(struct grad_tensor *t, double p);
void grad_random_integers(struct grad_tensor *t, int64_t lo, int64_t hi);
void grad_random_permutation(struct grad_tensor *t);

// For dropout, inside a parallel range or not: y[i] = x[i] * scale where
// element first + i of the stream is kept (probability `keep`), else 0.
// `first` must be a multiple of GRAD_RANDOM_GROUP. y may be x.
enum { GRAD_RANDOM_GROUP = 64 };
void grad_random_mask(enum grad_dtype dtype, uint64_t stream, size_t first,
                      size_t n, double keep, double scale, const void *x,
                      void *y);

// One number at a time, from a stream of their own that the seed starts too:
// 64 random bits, and a uniform number in [0, 1). For math.random.
uint64_t grad_random_bits(void);
double grad_random_one(void);

// One block of the generator, for tests.
void grad_random_block(const uint32_t counter[4], const uint32_t key[2],
                       uint32_t out[4]);

#endif
