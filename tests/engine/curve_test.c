// SPDX-License-Identifier: GPL-3.0-or-later
// Long curves that become short ones: what must stay does, and what grows
// stays bounded.
#include "engine/curve.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/memory.h"

static struct grad_error error;

static void add(struct grad_curve *c, double x, double y)
{
    if (!grad_curve_has_room(c))
        assert_true(grad_curve_make_room(c, &error));
    grad_curve_add(c, x, y);
}

static bool has(const struct grad_curve *c, double x, double y)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->x[i] == x && (c->y[i] == y || (isnan(y) && isnan(c->y[i]))))
            return true;
    return false;
}

// A million steps with a spike, a hole and a number that is lost among them.
static void extremes_stay(void **state)
{
    struct grad_curve c = {0};
    for (int i = 1; i <= 1000000; i++)
        add(&c, i,
            i == 123457   ? 1e6
            : i == 600001 ? -7
            : i == 800003 ? NAN
            : i == 900001 ? INFINITY
                          : 1.0 / i);
    assert_true(c.n <= GRAD_CURVE_MOST && c.n > 2000);
    assert_true(has(&c, 1, 1) && has(&c, 1000000, 1e-6));
    assert_true(has(&c, 123457, 1e6) && has(&c, 600001, -7));
    assert_true(has(&c, 800003, NAN) && has(&c, 900001, INFINITY));
    for (size_t i = 1; i < c.n; i++)
        assert_true(c.x[i] > c.x[i - 1]);
    assert_int_equal(c.given, 1000000);
    assert_int_equal(c.nans, 1);
    assert_int_equal(c.infs, 1);
    assert_int_equal(c.low, 1);
    assert_int_equal(c.first_bad, 800003);
    grad_curve_free(&c);
    assert_int_equal(grad_memory_stats().live, 0);
}

// On a log axis the first decades would else be a handful of points.
static void a_log_axis_keeps_its_beginning(void **state)
{
    struct grad_curve c = {.log = true};
    size_t first = 0;
    for (int i = 1; i <= 300000; i++)
        add(&c, i, i % 7);
    for (size_t i = 0; i < c.n && c.x[i] <= 100; i++)
        first++;
    assert_true(first > 50);
    grad_curve_free(&c);
}

// A step that goes back, or is not a number: bounded all the same.
static void any_x_is_bounded(void **state)
{
    for (int kind = 0; kind < 3; kind++) {
        struct grad_curve c = {0};
        for (int i = 0; i < 200000; i++)
            add(&c,
                kind == 0   ? i % 1000
                : kind == 1 ? NAN
                            : 3,
                i == 77777 ? 5 : 1);
        assert_true(c.n <= GRAD_CURVE_MOST && c.n > 2000);
        double most = 0;
        for (size_t i = 0; i < c.n; i++)
            most = fmax(most, c.y[i]);
        assert_true(most == 5);
        grad_curve_free(&c);
    }
}

// Against the definition, part by part, for random numbers and for the array
// itself as the place of the result.
static void thinning_is_what_it_says(void **state)
{
    enum { N = 5000, PARTS = 100 };
    static double x[N], y[N], tx[N], ty[N];
    srand(7);
    for (int i = 0; i < N; i++) {
        x[i] = i;
        y[i] = rand() % 50 == 0 ? NAN : rand() % 1000;
    }
    size_t n = grad_curve_thin(N, x, y, PARTS, false, tx, ty);
    assert_true(n <= 5 * PARTS && n >= 3 * PARTS);
    double width = (double)(N - 1) / PARTS;
    for (int p = 0; p < PARTS; p++) {
        double lo = INFINITY, hi = -INFINITY, tlo = INFINITY, thi = -INFINITY;
        int bad = 0, tbad = 0;
        for (int i = 0; i < N; i++) {
            if (x[i] > p * width && x[i] <= (p + 1) * width) {
                lo = fmin(lo, y[i]);
                hi = fmax(hi, y[i]);
                bad |= isnan(y[i]) != 0;
            }
        }
        for (size_t i = 0; i < n; i++) {
            if (tx[i] > p * width && tx[i] <= (p + 1) * width) {
                tlo = fmin(tlo, ty[i]);
                thi = fmax(thi, ty[i]);
                tbad |= isnan(ty[i]) != 0;
            }
        }
        assert_true(lo == tlo && hi == thi && bad == tbad);
    }
    assert_int_equal(grad_curve_thin(N, x, y, PARTS, false, x, y), n);
    assert_memory_equal(x, tx, n * sizeof *x);
    assert_memory_equal(y, ty, n * sizeof *y);
}

static void short_curves_stay(void **state)
{
    double x[] = {1, 2, 3}, y[] = {4, NAN, 6}, tx[3], ty[3];
    assert_int_equal(grad_curve_thin(3, x, y, 1, false, tx, ty), 3);
    assert_memory_equal(x, tx, sizeof x);
    assert_int_equal(grad_curve_thin(0, x, y, 1, false, tx, ty), 0);
}

static void no_memory_loses_nothing(void **state)
{
    struct grad_curve c = {0};
    for (int i = 0; i < 64; i++)
        add(&c, i, i);
    grad_memory_fail_at(0);
    assert_false(grad_curve_make_room(&c, &error));
    assert_int_equal(error.code, GRAD_ERROR_MEMORY);
    assert_int_equal(c.n, 64);
    assert_true(has(&c, 63, 63));
    grad_memory_fail_at(-1);
    add(&c, 64, 64);
    grad_curve_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extremes_stay),
        cmocka_unit_test(a_log_axis_keeps_its_beginning),
        cmocka_unit_test(any_x_is_bounded),
        cmocka_unit_test(thinning_is_what_it_says),
        cmocka_unit_test(short_curves_stay),
        cmocka_unit_test(no_memory_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
