// SPDX-License-Identifier: GPL-3.0-or-later
// The pool: what is counted, what is reused, and planned failures.
#include "engine/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct grad_error no_error;

static void blocks_are_aligned_and_apart(void **state)
{
    static const size_t sizes[] = {0,    1,    63,   64,     65,     1023,
                                   1024, 1025, 4097, 100000, 5 << 20};
    enum { COUNT = sizeof sizes / sizeof *sizes };
    char *block[COUNT];
    for (int i = 0; i < COUNT; i++) {
        block[i] = grad_memory_alloc(sizes[i], &no_error);
        assert_non_null(block[i]);
        assert_int_equal((uintptr_t)block[i] % 64, 0);
        memset(block[i], i + 1, sizes[i]);
    }
    for (int i = 0; i < COUNT; i++) {
        for (size_t k = 0; k < sizes[i]; k += 61)
            assert_int_equal(block[i][k], i + 1);
        grad_memory_free(block[i], sizes[i]);
    }
}

static void live_bytes_return_to_what_they_were(void **state)
{
    size_t before = grad_memory_stats().live;
    void *a = grad_memory_alloc(1000, &no_error);
    void *b = grad_memory_alloc(70000, &no_error);
    assert_true(grad_memory_stats().live >= before + 71000);
    assert_true(grad_memory_stats().peak >= before + 71000);
    grad_memory_free(a, 1000);
    grad_memory_free(b, 70000);
    assert_int_equal(grad_memory_stats().live, before);
}

static void a_freed_block_is_used_again(void **state)
{
    void *a = grad_memory_alloc(50000, &no_error);
    grad_memory_free(a, 50000);
    size_t system = grad_memory_stats().system;
    for (int i = 0; i < 1000; i++) {
        void *b = grad_memory_alloc(50000, &no_error);
        assert_non_null(b);
        grad_memory_free(b, 50000);
    }
    assert_int_equal(grad_memory_stats().system, system);
}

static void what_goes_beyond_the_limit_is_refused(void **state)
{
    struct grad_error error = {0};
    size_t live = grad_memory_stats().live;
    size_t refused = grad_memory_limit(live + 100000);
    void *fits = grad_memory_alloc(50000, &error);
    assert_non_null(fits);
    assert_null(grad_memory_alloc(60000, &error));
    assert_int_equal(error.code, GRAD_ERROR_MEMORY);
    assert_int_equal(grad_memory_limit(SIZE_MAX), refused + 1);
    void *more = grad_memory_alloc(60000, &error);
    assert_non_null(more);
    grad_memory_free(fits, 50000);
    grad_memory_free(more, 60000);
}

static size_t pooled(void)
{
    return grad_memory_stats().held - grad_memory_stats().live;
}

static void trimming_empties_the_pool(void **state)
{
    grad_memory_free(grad_memory_alloc(50000, &no_error), 50000);
    if (pooled() == 0)
        skip(); // under AddressSanitizer nothing is pooled
    grad_memory_trim();
    assert_int_equal(pooled(), 0);
}

static void the_planned_allocation_fails_once(void **state)
{
    struct grad_error error = {0};
    grad_memory_fail_at(1);
    void *a = grad_memory_alloc(10, &error);
    assert_non_null(a);
    assert_false(grad_memory_failed());
    assert_null(grad_memory_alloc(10, &error));
    assert_true(grad_memory_failed());
    assert_int_equal(error.code, GRAD_ERROR_MEMORY);
    void *b = grad_memory_alloc(10, &error);
    assert_non_null(b);
    grad_memory_fail_at(-1);
    grad_memory_free(a, 10);
    grad_memory_free(b, 10);
}

static void too_much_is_an_error(void **state)
{
    struct grad_error error = {0};
    assert_null(grad_memory_alloc(SIZE_MAX, &error));
    assert_int_equal(error.code, GRAD_ERROR_MEMORY);
    size_t product;
    assert_false(grad_size_multiply(SIZE_MAX / 2, 3, &product));
    assert_true(grad_size_multiply(6, 7, &product));
    assert_int_equal(product, 42);
}

static void a_limit_holds_until_it_is_taken_away(void **state)
{
    enum { BYTES = 1 << 20 };
    struct grad_error error = {0};
    size_t live = grad_memory_stats().live;
    size_t refused = grad_memory_limit(live + 2 * BYTES);
    void *first = grad_memory_alloc(BYTES, &no_error);
    assert_non_null(first);
    assert_null(grad_memory_alloc(2 * BYTES, &error));
    assert_int_equal(error.code, GRAD_ERROR_MEMORY);
    grad_memory_free(first, BYTES); // what lies in the pool counts no longer
    void *again = grad_memory_alloc(BYTES, &no_error);
    assert_non_null(again);
    assert_int_equal(grad_memory_limit(SIZE_MAX), refused + 1);
    void *large = grad_memory_alloc(4 * BYTES, &no_error);
    assert_non_null(large);
    grad_memory_free(large, 4 * BYTES);
    grad_memory_free(again, BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_aligned_and_apart),
        cmocka_unit_test(live_bytes_return_to_what_they_were),
        cmocka_unit_test(a_freed_block_is_used_again),
        cmocka_unit_test(what_goes_beyond_the_limit_is_refused),
        cmocka_unit_test(trimming_empties_the_pool),
        cmocka_unit_test(the_planned_allocation_fails_once),
        cmocka_unit_test(too_much_is_an_error),
        cmocka_unit_test(a_limit_holds_until_it_is_taken_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
