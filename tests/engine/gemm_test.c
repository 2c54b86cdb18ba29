// SPDX-License-Identifier: GPL-3.0-or-later
// Products against three plain loops: shapes, transposes, padding, threads.
#include "engine/gemm.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/copy.h"
#include "engine/kernel/kernel.h"
#include "engine/random.h"
#include "engine/thread.h"

static struct grad_error no_error;

static struct grad_tensor *noise(enum grad_dtype dtype, size_t n)
{
    struct grad_tensor *t = grad_tensor_new(dtype, 1, &n, &no_error);
    grad_random_normal(t, 0, 1);
    return t;
}

enum { SALTED = 16, ALL_FLAGS = 32 };

// NaN, infinity and zero here and there.
static void salt(struct grad_tensor *t)
{
    static const double grains[] = {NAN, INFINITY, -INFINITY, 0, 0, 0};
    for (size_t i = 0, g = 0; i < t->numel; i += 89, g++)
        grad_tensor_set(t, i, grains[g % (sizeof grains / sizeof *grains)]);
}

static bool is_near(double x, double y, double most)
{
    return x == y || (isnan(x) && isnan(y)) || fabs(x - y) <= most;
}

static void compare(enum grad_dtype dtype, size_t m, size_t n, size_t k,
                    int flags)
{
    bool ta = flags & 1, tb = flags & 2, accumulate = flags & 4;
    size_t pad = flags & 8 ? 3 : 0;
    size_t lda = (ta ? m : k) + pad, ldb = (tb ? k : n) + pad, ldc = n + pad;
    struct grad_tensor *a = noise(dtype, lda * (ta ? k : m));
    struct grad_tensor *b = noise(dtype, ldb * (tb ? n : k));
    struct grad_tensor *c = noise(dtype, ldc * m);
    if (flags & SALTED) {
        salt(a);
        salt(b);
        salt(c);
    }
    struct grad_tensor *d = grad_tensor_clone(c, &no_error);
    assert_true(grad_gemm(dtype, ta, tb, m, n, k, a->data, lda, b->data, ldb,
                          accumulate, c->data, ldc, &no_error));
    grad_gemm_reference(dtype, ta, tb, m, n, k, a->data, lda, b->data, ldb,
                        accumulate, d->data, ldc);
    double share = dtype == GRAD_FLOAT32 ? 2e-6 : 1e-14;
    double most = share * (10 + (double)k);
    for (size_t i = 0; i < m * ldc; i++)
        assert_true(
            is_near(grad_tensor_get(c, i), grad_tensor_get(d, i), most));
    grad_tensor_release(a);
    grad_tensor_release(b);
    grad_tensor_release(c);
    grad_tensor_release(d);
}

static void products_agree_with_the_definition(void **state)
{
    static const size_t shapes[][3] = {
        {1, 1, 1},     {1, 7, 5},     {7, 1, 5},     {5, 7, 1},
        {3, 4, 5},     {17, 33, 9},   {128, 10, 64}, {200, 150, 70},
        {1, 300, 200}, {300, 1, 200}, {64, 64, 64},  {40, 50, 37},
        {0, 3, 4},     {3, 0, 4},     {3, 4, 0},     {17, 9, 3000}};
    for (int threads = 1; threads <= 3; threads++) {
        assert_true(grad_threads_set(threads, NULL));
        for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
            for (int flags = 0; flags < (threads == 1 ? ALL_FLAGS : SALTED);
                 flags++) {
                const size_t *z = shapes[s];
                compare(GRAD_FLOAT32, z[0], z[1], z[2], flags);
                compare(GRAD_FLOAT64, z[0], z[1], z[2], flags);
            }
        }
    }
}

// Tiles that are cut off at every side, sums of several depths, more rows than
// fit the caches: products large enough that BLAS is not asked.
static void large_products_agree_with_the_definition(void **state)
{
    static const size_t shapes[][3] = {{121, 97, 111},
                                       {1, 1100, 1000},
                                       {96, 31, 515},
                                       {509, 48, 65},
                                       {15, 17, 4500}};
    assert_true(grad_threads_set(1, NULL));
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        for (int flags = 0; flags < 16; flags++) {
            const size_t *z = shapes[s];
            compare(GRAD_FLOAT32, z[0], z[1], z[2], flags);
            compare(GRAD_FLOAT64, z[0], z[1], z[2], flags);
        }
    }
}

// What lies behind c's columns is not c's, and NaN and infinity come through
// from wherever they stand.
static void nothing_beside_a_product_changes(void **state)
{
    enum { M = 62, N = 45, K = 700, LDC = N + 7 };
    struct grad_tensor *a = noise(GRAD_FLOAT32, M * K);
    struct grad_tensor *b = noise(GRAD_FLOAT32, N * K);
    struct grad_tensor *c = noise(GRAD_FLOAT32, M * LDC);
    struct grad_tensor *before = grad_tensor_clone(c, &no_error);
    grad_tensor_set(a, 5 * K + 600, INFINITY);
    grad_tensor_set(b, 44 * K + 600, 0);
    grad_tensor_set(b, 43 * K + 3, NAN);
    assert_true(grad_gemm(GRAD_FLOAT32, false, true, M, N, K, a->data, K,
                          b->data, K, false, c->data, LDC, &no_error));
    for (size_t i = 0; i < M; i++) {
        for (size_t j = N; j < LDC; j++)
            assert_true(grad_tensor_get(c, i * LDC + j) ==
                        grad_tensor_get(before, i * LDC + j));
        assert_true(isnan(grad_tensor_get(c, i * LDC + 43)));
        assert_true(isnan(grad_tensor_get(c, i * LDC + 44)) == (i == 5));
        assert_true(!isfinite(grad_tensor_get(c, i * LDC)) == (i == 5));
    }
    grad_tensor_release(a);
    grad_tensor_release(b);
    grad_tensor_release(c);
    grad_tensor_release(before);
}

static void multiply(const struct grad_nn_kernels *nn, const size_t size[3],
                     int flags, const struct grad_tensor *a,
                     const struct grad_tensor *b, struct grad_tensor *c,
                     size_t begin, size_t end)
{
    bool ta = flags & 1, tb = flags & 2;
    size_t m = size[0], n = size[1], k = size[2], pad = flags & 8 ? 3 : 0;
    size_t lda = (ta ? m : k) + pad, ldb = (tb ? k : n) + pad, ldc = n + pad;
    size_t item = grad_dtype_size(c->dtype);
    size_t skip = 1 + (ta ? begin : begin * lda);
    nn->multiply(ta, tb, end - begin, n, k, (char *)a->data + skip * item, lda,
                 (char *)b->data + item, ldb, flags & 4,
                 (char *)c->data + (1 + begin * ldc) * item, ldc);
}

// The kernel itself on matrices that begin off the lines of memory: against
// the definition, and the same bits whichever rows are made together.
static void compare_kernel(enum grad_dtype dtype, const size_t size[3],
                           int flags)
{
    const struct grad_nn_kernels *nn = grad_kernels(dtype)->nn;
    size_t m = size[0], n = size[1], k = size[2], pad = flags & 8 ? 3 : 0;
    bool ta = flags & 1, tb = flags & 2, accumulate = flags & 4;
    size_t lda = (ta ? m : k) + pad, ldb = (tb ? k : n) + pad, ldc = n + pad;
    struct grad_tensor *a = noise(dtype, 1 + lda * (ta ? k : m));
    struct grad_tensor *b = noise(dtype, 1 + ldb * (tb ? n : k));
    struct grad_tensor *c[3] = {noise(dtype, 1 + ldc * m)};
    size_t item = grad_dtype_size(dtype);
    if (!accumulate) // what was there before is not read
        salt(c[0]);
    c[1] = grad_tensor_clone(c[0], &no_error);
    c[2] = grad_tensor_clone(c[0], &no_error);
    multiply(nn, size, flags, a, b, c[0], 0, m);
    multiply(nn, size, flags, a, b, c[1], 0, (m + 1) / 2);
    if (m > 1)
        multiply(nn, size, flags, a, b, c[1], (m + 1) / 2, m);
    grad_gemm_reference(dtype, ta, tb, m, n, k, (char *)a->data + item, lda,
                        (char *)b->data + item, ldb, accumulate,
                        (char *)c[2]->data + item, ldc);
    double most = (dtype == GRAD_FLOAT32 ? 2e-6 : 1e-14) * (10 + (double)k);
    assert_memory_equal(c[0]->data, c[1]->data, c[0]->numel * item);
    for (size_t i = 0; i < c[0]->numel; i++)
        assert_true(
            is_near(grad_tensor_get(c[0], i), grad_tensor_get(c[2], i), most));
    grad_tensor_release(a);
    grad_tensor_release(b);
    for (int i = 0; i < 3; i++)
        grad_tensor_release(c[i]);
}

static void tiles_of_every_size_agree_with_the_definition(void **state)
{
    static const size_t rows[] = {1, 3, 5, 12, 13, 29};
    static const size_t columns[] = {1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 50};
    static const size_t depths[] = {1, 2, 16, 35};
    if (!grad_kernels(GRAD_FLOAT32)->nn->multiply)
        skip(); // only CPUs with AVX-512 have this kernel
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t j = 0; j < sizeof columns / sizeof *columns; j++) {
            for (size_t l = 0; l < sizeof depths / sizeof *depths; l++) {
                const size_t size[3] = {rows[i], columns[j], depths[l]};
                for (int flags = 0; flags < 16; flags++) {
                    compare_kernel(GRAD_FLOAT32, size, flags);
                    compare_kernel(GRAD_FLOAT64, size, flags);
                }
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_agree_with_the_definition),
        cmocka_unit_test(large_products_agree_with_the_definition),
        cmocka_unit_test(tiles_of_every_size_agree_with_the_definition),
        cmocka_unit_test(nothing_beside_a_product_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
