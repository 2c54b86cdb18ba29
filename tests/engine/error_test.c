// SPDX-License-Identifier: GPL-3.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "engine/error.h"

static void fail_fills_code_and_message(void **state)
{
    struct grad_error error = {GRAD_OK, ""};
    assert_false(grad_fail(&error, GRAD_ERROR_FILE, "%s: %d", "x.npy", 7));
    assert_int_equal(error.code, GRAD_ERROR_FILE);
    assert_string_equal(error.message, "x.npy: 7");
}

static void first_error_is_kept(void **state)
{
    struct grad_error error = {GRAD_OK, ""};
    grad_fail(&error, GRAD_ERROR_ARGUMENT, "the cause");
    grad_fail(&error, GRAD_ERROR_STATE, "its consequence");
    assert_int_equal(error.code, GRAD_ERROR_ARGUMENT);
    assert_string_equal(error.message, "the cause");
}

static void long_message_is_cut(void **state)
{
    struct grad_error error = {GRAD_OK, ""};
    grad_fail(&error, GRAD_ERROR_STATE, "%5000d", 1);
    assert_int_equal(strlen(error.message), sizeof error.message - 1);
}

static void memory_error_names_the_bytes(void **state)
{
    struct grad_error error = {GRAD_OK, ""};
    assert_false(grad_fail_memory(&error, 123456789ULL));
    assert_int_equal(error.code, GRAD_ERROR_MEMORY);
    assert_non_null(strstr(error.message, "123456789 bytes"));
}

static void clear_makes_room_for_the_next(void **state)
{
    struct grad_error error = {GRAD_OK, ""};
    grad_fail(&error, GRAD_ERROR_STATE, "old");
    grad_error_clear(&error);
    assert_string_equal(error.message, "");
    grad_fail(&error, GRAD_ERROR_FILE, "new");
    assert_string_equal(error.message, "new");
}

static void no_one_asked_for_the_error(void **state)
{
    assert_false(grad_fail(NULL, GRAD_ERROR_STATE, "ignored"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fail_fills_code_and_message),
        cmocka_unit_test(first_error_is_kept),
        cmocka_unit_test(long_message_is_cut),
        cmocka_unit_test(memory_error_names_the_bytes),
        cmocka_unit_test(clear_makes_room_for_the_next),
        cmocka_unit_test(no_one_asked_for_the_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
