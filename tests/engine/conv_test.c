// SPDX-License-Identifier: GPL-3.0-or-later
// conv2d and max_pool2d against their definitions, forward and backward, at
// one thread and two.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "engine/apply.h"
#include "engine/autograd.h"
#include "engine/op.h"
#include "engine/random.h"
#include "engine/thread.h"

struct shape {
    size_t n, c, h, w, o, kh, kw;
    int64_t stride[2], padding[2], dilation[2], groups;
};

static const struct shape shapes[] = {
    {5, 1, 28, 28, 6, 5, 5, {1, 1}, {2, 2}, {1, 1}, 1}, // LeNet's two
    {5, 6, 14, 14, 16, 5, 5, {1, 1}, {0, 0}, {1, 1}, 1},
    {2, 4, 7, 6, 6, 3, 2, {2, 1}, {1, 2}, {1, 2}, 2},
    {3, 3, 4, 5, 2, 1, 1, {1, 1}, {0, 0}, {1, 1}, 1},
    {1, 2, 3, 40, 3, 3, 17, {1, 1}, {1, 8}, {1, 1}, 1}, // wider than a vector
    {2, 2, 9, 9, 2, 2, 2, {3, 2}, {2, 1}, {4, 3}, 2},
    {1, 2, 3, 3, 2, 1, 1, {50, 70}, {90, 100}, {1, 1}, 1}, // mostly padding
    {2, 3, 4, 3, 2, 2, 2, {1, 1}, {0, 0}, {1, 1}, 1},      // rows of three
    {2, 2, 5, 33, 7, 2, 3, {1, 1}, {1, 0}, {1, 2}, 1},     // few outputs
    {2, 4, 6, 19, 6, 3, 2, {1, 1}, {0, 0}, {1, 1}, 2},
    {7, 3, 1, 1, 4, 1, 1, {2, 2}, {1, 1}, {1, 1}, 1}};

static struct grad_tensor *make(enum grad_dtype dtype, int ndim,
                                const size_t *shape, bool wanted)
{
    struct grad_error error = {0};
    struct grad_tensor *t = grad_tensor_new(dtype, ndim, shape, &error);
    assert_non_null(t);
    grad_random_normal(t, 0, 1);
    assert_true(grad_require(t, wanted, &error));
    return t;
}

// What the definition says, with y, gx, gw and gb as double arrays.
struct reference {
    double *y, *gx, *gw, *gb;
};

static double at(const struct grad_tensor *t, size_t i)
{
    return grad_tensor_get(t, i);
}

static void define(const struct shape *s, const struct grad_tensor *x,
                   const struct grad_tensor *w, const struct grad_tensor *b,
                   const struct grad_tensor *y, const struct grad_tensor *gy,
                   struct reference *r)
{
    size_t oh = y->shape[2], ow = y->shape[3];
    size_t cg = s->c / (size_t)s->groups, og = s->o / (size_t)s->groups;
    for (size_t q = 0; q < y->numel; q++) {
        size_t j = q % ow, i = q / ow % oh, o = q / ow / oh % s->o;
        size_t n = q / ow / oh / s->o;
        r->y[q] = at(b, o);
        r->gb[o] += at(gy, q);
        for (size_t k = 0; k < cg * s->kh * s->kw; k++) {
            size_t kx = k % s->kw, ky = k / s->kw % s->kh;
            size_t c = o / og * cg + k / s->kw / s->kh;
            int64_t row = (int64_t)i * s->stride[0] - s->padding[0] +
                          (int64_t)ky * s->dilation[0];
            int64_t col = (int64_t)j * s->stride[1] - s->padding[1] +
                          (int64_t)kx * s->dilation[1];
            if (row < 0 || col < 0 || row >= (int64_t)s->h ||
                col >= (int64_t)s->w)
                continue;
            size_t xi =
                ((n * s->c + c) * s->h + (size_t)row) * s->w + (size_t)col;
            size_t wi = o * cg * s->kh * s->kw + k;
            r->y[q] += at(x, xi) * at(w, wi);
            r->gx[xi] += at(gy, q) * at(w, wi);
            r->gw[wi] += at(gy, q) * at(x, xi);
        }
    }
}

static void compare(const struct grad_tensor *t, const double *expected)
{
    double most = 1e-30, worst = 0;
    assert_non_null(t);
    for (size_t i = 0; i < t->numel; i++) {
        most = fmax(most, fabs(expected[i]));
        worst = fmax(worst, fabs(at(t, i) - expected[i]));
    }
    assert_true(worst <= most * (t->dtype == GRAD_FLOAT32 ? 1e-5 : 1e-12));
}

static void check_shape(const struct shape *s, enum grad_dtype dtype)
{
    struct grad_error error = {0};
    size_t xs[4] = {s->n, s->c, s->h, s->w};
    size_t ws[4] = {s->o, s->c / (size_t)s->groups, s->kh, s->kw};
    struct grad_tensor *in[3] = {make(dtype, 4, xs, true),
                                 make(dtype, 4, ws, true),
                                 make(dtype, 1, &s->o, true)};
    struct grad_attrs a = {.i = {s->stride[0], s->stride[1], s->padding[0],
                                 s->padding[1], s->dilation[0], s->dilation[1],
                                 s->groups}};
    struct grad_tensor *y = grad_op_call(GRAD_OP_conv2d, in, 3, &a, &error);
    assert_non_null(y);
    struct grad_tensor *gy = make(dtype, 4, y->shape, false);
    assert_true(grad_backward(y, gy, false, &error));
    struct reference r = {test_calloc(y->numel, sizeof(double)),
                          test_calloc(in[0]->numel, sizeof(double)),
                          test_calloc(in[1]->numel, sizeof(double)),
                          test_calloc(in[2]->numel, sizeof(double))};
    define(s, in[0], in[1], in[2], y, gy, &r);
    compare(y, r.y);
    compare(in[0]->grad, r.gx);
    compare(in[1]->grad, r.gw);
    compare(in[2]->grad, r.gb);
    double *all[] = {r.y, r.gx, r.gw, r.gb};
    for (int i = 0; i < 4; i++)
        test_free(all[i]);
    for (int i = 0; i < 3; i++)
        grad_tensor_release(in[i]);
    grad_tensor_release(gy);
    grad_tensor_release(y);
}

static void conv2d_is_its_definition(void **state)
{
    for (int threads = 1; threads <= 2; threads++) {
        assert_true(grad_threads_set(threads, NULL));
        for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
            check_shape(&shapes[i], GRAD_FLOAT32);
            check_shape(&shapes[i], GRAD_FLOAT64);
        }
    }
}

// Sizes around the vectors' and odd ones, whose last row and column are left
// out; the gradient must reach the largest of each window and nothing else.
static void check_pool(size_t h, size_t w, enum grad_dtype dtype)
{
    struct grad_error error = {0};
    size_t xs[4] = {2, 3, h, w}, oh = h / 2, ow = w / 2;
    struct grad_tensor *x = make(dtype, 4, xs, true);
    struct grad_attrs a = {.i = {2, 2}};
    struct grad_tensor *y = grad_op_call(GRAD_OP_max_pool2d, &x, 1, &a, &error);
    assert_non_null(y);
    struct grad_tensor *gy = make(dtype, 4, y->shape, false);
    assert_true(grad_backward(y, gy, false, &error));
    double *gx = test_calloc(x->numel, sizeof *gx);
    for (size_t q = 0; q < y->numel; q++) {
        size_t corner = (q / ow / oh * h + q / ow % oh * 2) * w + q % ow * 2;
        size_t places[] = {corner, corner + 1, corner + w, corner + w + 1};
        size_t best = corner;
        for (int k = 1; k < 4; k++)
            best = at(x, places[k]) > at(x, best) ? places[k] : best;
        assert_true(at(y, q) == at(x, best));
        gx[best] = at(gy, q);
    }
    compare(x->grad, gx);
    test_free(gx);
    grad_tensor_release(x);
    grad_tensor_release(gy);
    grad_tensor_release(y);
}

static void max_pool_is_its_definition(void **state)
{
    for (size_t h = 2; h < 12; h++) {
        for (size_t w = 2; w < 40; w++)
            check_pool(h, w, w % 2 ? GRAD_FLOAT64 : GRAD_FLOAT32);
    }
    check_pool(28, 28, GRAD_FLOAT32);
    check_pool(28, 28, GRAD_FLOAT64);
    check_pool(29, 65, GRAD_FLOAT32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conv2d_is_its_definition),
        cmocka_unit_test(max_pool_is_its_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
