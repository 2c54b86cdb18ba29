// SPDX-License-Identifier: GPL-3.0-or-later
// Moments, counts and histograms against plain loops.
#include "engine/stats.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "engine/random.h"
#include "engine/thread.h"

enum { BINS = 17 };

static struct grad_error no_error;

static struct grad_tensor *noise(enum grad_dtype dtype, size_t n)
{
    struct grad_tensor *t = grad_tensor_new(dtype, 1, &n, &no_error);
    grad_random_normal(t, 100, 2); // a mean far from 0 is the hard case
    return t;
}

// The bin of v, rounded as the type of its tensor rounds.
static int bin_of(const struct grad_tensor *t, double v,
                  const struct grad_histogram *h)
{
    float part = ((float)v - (float)h->lo) * (float)h->bins /
                 ((float)h->hi - (float)h->lo);
    double place = t->dtype == GRAD_FLOAT32
                       ? part
                       : (v - h->lo) * h->bins / (h->hi - h->lo);
    return place > h->bins - 1 ? h->bins - 1 : (int)place;
}

static void agree(const struct grad_tensor *t, const struct grad_stats *s,
                  const struct grad_histogram *h)
{
    double sum = 0, squares = 0;
    uint64_t expected[BINS] = {0};
    for (size_t i = 0; i < t->numel; i++)
        sum += grad_tensor_get(t, i);
    double mean = sum / (double)t->numel;
    size_t beyond = 0, zeros = 0;
    for (size_t i = 0; i < t->numel; i++) {
        double v = grad_tensor_get(t, i);
        squares += (v - mean) * (v - mean);
        beyond += fabs(v) > 101;
        zeros += v == 0;
        if (v >= h->lo && v <= h->hi)
            expected[bin_of(t, v, h)]++;
        assert_true(v >= s->min && v <= s->max);
    }
    for (int i = 0; i < BINS; i++)
        assert_int_equal(h->count[i], expected[i]);
    assert_int_equal(s->n, t->numel);
    assert_int_equal(s->beyond, beyond);
    assert_int_equal(s->zeros, zeros);
    assert_true(fabs(s->mean - mean) < 1e-5);
    assert_true(fabs(s->squares - squares) < 1e-4 * squares + 1e-9);
}

static void what_is_counted_is_there(void **state)
{
    static const size_t sizes[] = {1, 5, 31, 64, 2047, 2048, 2049, 150001};
    for (int threads = 1; threads <= 3; threads += 2) {
        assert_true(grad_threads_set(threads, NULL));
        for (size_t s = 0; s < 2 * sizeof sizes / sizeof *sizes; s++) {
            uint64_t count[BINS];
            struct grad_histogram h = {
                .bins = BINS, .lo = 97, .hi = 104, .count = count};
            struct grad_stats stats;
            struct grad_tensor *t =
                noise(s & 1 ? GRAD_FLOAT64 : GRAD_FLOAT32, sizes[s / 2]);
            if (t->numel > 3)
                grad_tensor_set(t, t->numel / 2, 0);
            assert_true(grad_stats_collect(t, 101, &h, &stats, &no_error));
            agree(t, &stats, &h);
            grad_tensor_release(t);
        }
    }
}

static void bins_are_where_they_should_be(void **state)
{
    size_t n = 6;
    static const double values[] = {0, 0.5, 1, 1.5, 2, 2.5};
    struct grad_tensor *t = grad_tensor_new(GRAD_FLOAT32, 1, &n, &no_error);
    for (size_t i = 0; i < n; i++)
        grad_tensor_set(t, i, values[i]);
    uint64_t count[2];
    struct grad_histogram h = {.bins = 2, .lo = 0, .hi = 2, .count = count};
    assert_true(grad_histogram_collect(t, &h, &no_error));
    assert_int_equal(count[0], 2); // 0, 0.5
    assert_int_equal(count[1], 3); // 1, 1.5 and the end, 2
    h.automatic = true;
    assert_true(grad_histogram_collect(t, &h, &no_error));
    assert_true(h.lo == 0 && h.hi == 2.5);
    assert_int_equal(count[0] + count[1], 6);
    grad_tensor_release(t);
}

static void nan_and_infinity_are_shown(void **state)
{
    // Few are counted one by one, many by pairs.
    for (size_t n = 3; n < 5000; n = n * 4 + 1) {
        uint64_t count[4];
        struct grad_histogram h = {
            .bins = 4, .automatic = true, .count = count};
        struct grad_stats s;
        struct grad_tensor *t = noise(GRAD_FLOAT32, n);
        grad_tensor_set(t, 0, NAN);
        grad_tensor_set(t, n - 1, -INFINITY);
        assert_true(grad_stats_collect(t, 1, &h, &s, &no_error));
        assert_int_equal(s.nans, 1);
        assert_int_equal(s.infs, 1);
        assert_true(isnan(s.mean) && isnan(s.min) && isnan(s.max));
        assert_true(isfinite(h.lo) && isfinite(h.hi));
        uint64_t sum = count[0] + count[1] + count[2] + count[3];
        assert_int_equal(sum, n - 2);
        grad_tensor_release(t);
    }
}

static void wrong_ranges_are_refused(void **state)
{
    struct grad_tensor *t = noise(GRAD_FLOAT32, 3);
    uint64_t count[1];
    struct grad_error error = {0};
    struct grad_histogram h = {.bins = 1, .lo = 2, .hi = 1, .count = count};
    assert_false(grad_histogram_collect(t, &h, &error));
    assert_int_equal(error.code, GRAD_ERROR_ARGUMENT);
    h = (struct grad_histogram){.bins = 0, .automatic = true};
    assert_false(grad_histogram_collect(t, &h, NULL));
    grad_tensor_release(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_counted_is_there),
        cmocka_unit_test(bins_are_where_they_should_be),
        cmocka_unit_test(nan_and_infinity_are_shown),
        cmocka_unit_test(wrong_ranges_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
