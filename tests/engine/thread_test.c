// SPDX-License-Identifier: GPL-3.0-or-later
// Every item of a range is worked on once, at any number of threads.
#include "engine/thread.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 100000 };

static unsigned char seen[MOST];
static unsigned char parts_seen[GRAD_MAX_THREADS];

static void count(void *context, size_t begin, size_t end, int part)
{
    parts_seen[part] = 1;
    for (size_t i = begin; i < end; i++)
        seen[i]++;
}

static void each_item_once(void **state)
{
    static const size_t sizes[] = {0, 1, 2, 15, 16, 17, 1000, 4097, MOST};
    static const int threads[] = {1, 2, 7, 3, 1};
    for (size_t t = 0; t < sizeof threads / sizeof *threads; t++) {
        assert_true(grad_threads_set(threads[t], NULL));
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            memset(seen, 0, sizeof seen);
            grad_parallel(sizes[s], 10, count, NULL);
            for (size_t i = 0; i < MOST; i++)
                assert_int_equal(seen[i], i < sizes[s]);
        }
    }
}

static void small_work_stays_whole(void **state)
{
    assert_true(grad_threads_set(4, NULL));
    assert_int_equal(grad_parallel_parts(19, 10), 1);
    assert_int_equal(grad_parallel_parts(20, 10), 2);
    assert_int_equal(grad_parallel_parts(1000, 10), 4);
    memset(parts_seen, 0, sizeof parts_seen);
    grad_parallel(19, 10, count, NULL);
    assert_int_equal(parts_seen[0], 1);
    assert_int_equal(parts_seen[1], 0);
}

static void many_short_rounds_end(void **state)
{
    assert_true(grad_threads_set(3, NULL));
    memset(seen, 0, sizeof seen);
    for (int i = 0; i < 200; i++)
        grad_parallel(300, 100, count, NULL);
    for (size_t i = 0; i < 300; i++)
        assert_int_equal(seen[i], 200);
}

static void wrong_numbers_are_refused(void **state)
{
    struct grad_error error = {0};
    assert_false(grad_threads_set(0, &error));
    assert_int_equal(error.code, GRAD_ERROR_ARGUMENT);
    assert_false(grad_threads_set(GRAD_MAX_THREADS + 1, NULL));
    assert_true(grad_threads_set(2, NULL));
    assert_int_equal(grad_threads(), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_item_once),
        cmocka_unit_test(small_work_stays_whole),
        cmocka_unit_test(many_short_rounds_end),
        cmocka_unit_test(wrong_numbers_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
