// SPDX-License-Identifier: GPL-3.0-or-later
// Views, strides, copies and references.
#include "engine/tensor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "engine/copy.h"
#include "engine/memory.h"
#include "engine/op.h"

static struct grad_error no_error;

// 0, 1, 2, ... in a new tensor (rows, columns).
static struct grad_tensor *counting(size_t rows, size_t columns)
{
    size_t shape[] = {rows, columns};
    struct grad_tensor *t = grad_tensor_new(GRAD_FLOAT32, 2, shape, &no_error);
    for (size_t i = 0; i < t->numel; i++)
        grad_tensor_set(t, i, (double)i);
    return t;
}

static struct grad_tensor *transposed(struct grad_tensor *t)
{
    size_t shape[] = {t->shape[1], t->shape[0]};
    ptrdiff_t stride[] = {t->stride[1], t->stride[0]};
    return grad_tensor_view(t, 2, shape, stride, t->data, &no_error);
}

static void a_view_shares_memory(void **state)
{
    struct grad_tensor *t = counting(3, 4), *v = transposed(t);
    assert_false(v->contiguous);
    assert_true(grad_tensor_get(v, 1) == 4); // (0, 1) of v is (1, 0) of t
    grad_tensor_set(v, 1, 100);
    assert_true(grad_tensor_get(t, 4) == 100);
    grad_tensor_release(t); // the view keeps the memory
    assert_true(grad_tensor_get(v, 1) == 100);
    grad_tensor_release(v);
}

static void reshape_copies_only_where_it_must(void **state)
{
    struct grad_tensor *t = counting(3, 4), *v = transposed(t);
    size_t flat = 12, split[] = {2, 2, 3};
    struct grad_tensor *a = grad_tensor_reshape(t, 1, &flat, &no_error);
    struct grad_tensor *b = grad_tensor_reshape(v, 3, split, &no_error);
    struct grad_tensor *c = grad_tensor_reshape(v, 1, &flat, &no_error);
    assert_ptr_equal(a->storage, t->storage);
    assert_ptr_equal(b->storage, t->storage); // strides (2, 1, 4)
    assert_ptr_not_equal(c->storage, t->storage);
    for (size_t i = 0; i < 12; i++) {
        assert_true(grad_tensor_get(b, i) == grad_tensor_get(v, i));
        assert_true(grad_tensor_get(c, i) == grad_tensor_get(v, i));
    }
    struct grad_tensor *all[] = {a, b, c, v, t};
    for (int i = 0; i < 5; i++)
        grad_tensor_release(all[i]);
}

static void copies_broadcast_and_convert(void **state)
{
    size_t row = 4;
    struct grad_tensor *t = counting(3, 4);
    struct grad_tensor *from =
        grad_tensor_full(GRAD_FLOAT64, 1, &row, 2.5, &no_error);
    struct grad_error error = {0};
    assert_true(grad_tensor_copy(t, from, &error));
    for (size_t i = 0; i < 12; i++)
        assert_true(grad_tensor_get(t, i) == 2.5);
    assert_false(grad_tensor_copy(from, t, &error));
    assert_int_equal(error.code, GRAD_ERROR_ARGUMENT);
    grad_tensor_release(from);
    grad_tensor_release(t);
}

static void shapes_that_do_not_fit_are_errors(void **state)
{
    size_t huge[] = {(size_t)1 << 40, (size_t)1 << 40}, nine[9] = {1};
    struct grad_error error = {0};
    assert_null(grad_tensor_new(GRAD_FLOAT32, 2, huge, &error));
    assert_int_equal(error.code, GRAD_ERROR_MEMORY);
    grad_error_clear(&error);
    assert_null(grad_tensor_new(GRAD_FLOAT32, 9, nine, &error));
    assert_int_equal(error.code, GRAD_ERROR_ARGUMENT);
}

static void no_elements_are_fine(void **state)
{
    struct grad_tensor *t = counting(0, 4), *v = transposed(t);
    assert_int_equal(v->numel, 0);
    struct grad_tensor *c = grad_tensor_clone(v, &no_error);
    assert_int_equal(c->shape[0], 4);
    grad_tensor_release(c);
    grad_tensor_release(v);
    grad_tensor_release(t);
}

static void the_last_reference_frees(void **state)
{
    size_t before = grad_memory_stats().live;
    struct grad_tensor *t = counting(100, 100);
    grad_tensor_retain(t);
    grad_tensor_retain_shape(t);
    grad_tensor_release(t);
    assert_non_null(t->data);
    grad_tensor_release(t);
    assert_null(t->data); // shape remains, contents are gone
    assert_int_equal(t->shape[1], 100);
    grad_tensor_release_shape(t);
    assert_int_equal(grad_memory_stats().live, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_view_shares_memory),
        cmocka_unit_test(reshape_copies_only_where_it_must),
        cmocka_unit_test(copies_broadcast_and_convert),
        cmocka_unit_test(shapes_that_do_not_fit_are_errors),
        cmocka_unit_test(no_elements_are_fine),
        cmocka_unit_test(the_last_reference_frees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
