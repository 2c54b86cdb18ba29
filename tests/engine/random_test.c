// SPDX-License-Identifier: GPL-3.0-or-later
// Philox against its published answers, draws at several thread counts, and
// the distributions' moments.
#include "engine/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "engine/copy.h"
#include "engine/interrupt.h"
#include "engine/thread.h"

enum { N = 200003 };

static struct grad_error no_error;

// The known answers that come with the Random123 library.
static void known_answers(void **state)
{
    static const struct {
        uint32_t counter[4], key[2], out[4];
    } cases[] = {
        {{0, 0, 0, 0},
         {0, 0},
         {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t out[4];
        grad_random_block(cases[i].counter, cases[i].key, out);
        assert_memory_equal(out, cases[i].out, sizeof out);
    }
}

static struct grad_tensor *new_vector(enum grad_dtype dtype)
{
    size_t n = N;
    return grad_tensor_new(dtype, 1, &n, &no_error);
}

static void fill(struct grad_tensor *t, int kind)
{
    switch (kind) {
    case 0:
        grad_random_normal(t, 0, 1);
        break;
    case 1:
        grad_random_uniform(t, -1, 3);
        break;
    case 2:
        grad_random_bernoulli(t, 0.3);
        break;
    case 3:
        grad_random_integers(t, 1, 6);
        break;
    default:
        grad_random_permutation(t);
    }
}

static void the_same_at_any_number_of_threads(void **state)
{
    static const int threads[] = {1, 2, 7};
    for (int dtype = GRAD_FLOAT32; dtype <= GRAD_FLOAT64; dtype++) {
        for (int kind = 0; kind < 5; kind++) {
            struct grad_tensor *t[3];
            for (int k = 0; k < 3; k++) {
                assert_true(grad_threads_set(threads[k], NULL));
                grad_random_seed(99);
                t[k] = new_vector((enum grad_dtype)dtype);
                fill(t[k], kind);
            }
            for (int k = 1; k < 3; k++)
                assert_memory_equal(t[0]->data, t[k]->data,
                                    N * grad_dtype_size(t[0]->dtype));
            for (int k = 0; k < 3; k++)
                grad_tensor_release(t[k]);
        }
    }
}

// A vector kernel must give what the scalar definition gives.
static void uniforms_are_philox_words(void **state)
{
    struct grad_tensor *t = new_vector(GRAD_FLOAT32);
    uint64_t seed = 0x123456789abcdef0u;
    grad_random_seed(seed);
    uint64_t stream = grad_random_state().stream;
    grad_random_uniform(t, 0, 1);
    for (size_t i = 0; i < N; i += i < 200 ? 1 : 997) {
        uint64_t block = i / 64 * 16 + i % 16;
        uint32_t counter[4] = {(uint32_t)block, (uint32_t)(block >> 32),
                               (uint32_t)stream, (uint32_t)(stream >> 32)};
        uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)}, out[4];
        grad_random_block(counter, key, out);
        double expected = (out[i % 64 / 16] >> 8) / 16777216.0;
        assert_true(grad_tensor_get(t, i) == expected);
    }
    grad_tensor_release(t);
}

static void masks_are_the_same_at_any_split(void **state)
{
    struct grad_tensor *x = new_vector(GRAD_FLOAT32);
    struct grad_tensor *whole = new_vector(GRAD_FLOAT32);
    struct grad_tensor *pieces = new_vector(GRAD_FLOAT32);
    grad_tensor_fill(x, 3);
    grad_random_mask(GRAD_FLOAT32, 5, 0, N, 0.7, 2, x->data, whole->data);
    for (size_t first = 0; first < N; first += 640) {
        size_t n = N - first < 640 ? N - first : 640;
        grad_random_mask(GRAD_FLOAT32, 5, first, n, 0.7, 2,
                         (float *)x->data + first,
                         (float *)pieces->data + first);
    }
    size_t kept = 0;
    for (size_t i = 0; i < N; i++)
        kept += grad_tensor_get(whole, i) == 6;
    assert_memory_equal(whole->data, pieces->data, N * sizeof(float));
    assert_true(fabs((double)kept / N - 0.7) < 0.005);
    grad_tensor_release(x);
    grad_tensor_release(whole);
    grad_tensor_release(pieces);
}

static double moment(const struct grad_tensor *t, double about, int power)
{
    double sum = 0;
    for (size_t i = 0; i < t->numel; i++)
        sum += pow(grad_tensor_get(t, i) - about, power);
    return sum / (double)t->numel;
}

static void normals_have_their_moments(void **state)
{
    for (int dtype = GRAD_FLOAT32; dtype <= GRAD_FLOAT64; dtype++) {
        struct grad_tensor *t = new_vector((enum grad_dtype)dtype);
        grad_random_seed(7);
        grad_random_normal(t, 2, 3);
        assert_true(fabs(moment(t, 0, 1) - 2) < 0.03);
        assert_true(fabs(moment(t, 2, 2) - 9) < 0.15);
        assert_true(fabs(moment(t, 2, 3)) < 1);
        assert_true(fabs(moment(t, 2, 4) - 3 * 81) < 8);
        grad_tensor_release(t);
    }
}

static void uniforms_stay_in_their_range(void **state)
{
    struct grad_tensor *t = new_vector(GRAD_FLOAT32);
    grad_random_uniform(t, -1, 3);
    for (size_t i = 0; i < N; i++)
        assert_true(grad_tensor_get(t, i) >= -1 && grad_tensor_get(t, i) < 3);
    assert_true(fabs(moment(t, 0, 1) - 1) < 0.02);
    assert_true(fabs(moment(t, 1, 2) - 16.0 / 12) < 0.02);
    grad_tensor_release(t);
}

static void a_permutation_has_each_once(void **state)
{
    static unsigned char seen[N + 1];
    struct grad_tensor *t = new_vector(GRAD_FLOAT64);
    grad_random_permutation(t);
    for (size_t i = 0; i < N; i++) {
        size_t v = (size_t)grad_tensor_get(t, i);
        assert_true(v >= 1 && v <= N && !seen[v]);
        seen[v] = 1;
    }
    grad_tensor_release(t);
}

static void draws_differ_and_a_state_comes_back(void **state)
{
    struct grad_tensor *a = new_vector(GRAD_FLOAT32);
    struct grad_tensor *b = new_vector(GRAD_FLOAT32);
    struct grad_random_state before = grad_random_state();
    grad_random_normal(a, 0, 1);
    grad_random_normal(b, 0, 1);
    assert_int_not_equal(memcmp(a->data, b->data, N * sizeof(float)), 0);
    grad_random_set_state(before);
    grad_random_normal(b, 0, 1);
    assert_memory_equal(a->data, b->data, N * sizeof(float));
    grad_tensor_release(a);
    grad_tensor_release(b);
}

// After Ctrl-C a fill that may stop leaves the rest as it was.
static void a_fill_ends_early(void **state)
{
    size_t n = 20000000;
    struct grad_tensor *t = grad_tensor_full(GRAD_FLOAT32, 1, &n, 7, &no_error);
    assert_non_null(t);
    assert_true(grad_threads_set(1, NULL));
    for (int kind = 0; kind < 4; kind++) {
        bool before = grad_parallel_may_stop(true);
        grad_interrupt_flag = 1;
        fill(t, kind);
        grad_interrupt_flag = 0;
        grad_parallel_may_stop(before);
        assert_true(grad_tensor_get(t, n - 1) == 7);
        fill(t, kind);
        assert_false(grad_tensor_get(t, n - 1) == 7);
        grad_tensor_fill(t, 7);
    }
    grad_tensor_release(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers),
        cmocka_unit_test(the_same_at_any_number_of_threads),
        cmocka_unit_test(uniforms_are_philox_words),
        cmocka_unit_test(masks_are_the_same_at_any_split),
        cmocka_unit_test(normals_have_their_moments),
        cmocka_unit_test(uniforms_stay_in_their_range),
        cmocka_unit_test(a_permutation_has_each_once),
        cmocka_unit_test(draws_differ_and_a_state_comes_back),
        cmocka_unit_test(a_fill_ends_early),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
