// SPDX-License-Identifier: GPL-3.0-or-later
// A chain of a million ops goes forward, backward and away on a stack of
// 1 MB, and nothing of it stays.
#include "engine/autograd.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "engine/apply.h"
#include "engine/copy.h"
#include "engine/memory.h"
#include "engine/thread.h"

enum { LINKS = 1000000 };

struct outcome {
    bool ok;
    double gradient;
    size_t before, after;
};

static struct grad_tensor *next(struct grad_tensor *x, struct grad_tensor *one,
                                struct grad_error *error)
{
    struct grad_tensor *in[] = {x, one};
    struct grad_tensor *y = grad_op_call(GRAD_OP_add, in, 2, NULL, error);
    grad_tensor_release(x);
    return y;
}

static void *walk(void *argument)
{
    struct outcome *o = argument;
    struct grad_error error = {0};
    o->before = grad_memory_stats().live;
    struct grad_tensor *x = grad_tensor_full(GRAD_FLOAT32, 0, NULL, 0, &error);
    struct grad_tensor *one =
        grad_tensor_full(GRAD_FLOAT32, 0, NULL, 1, &error);
    grad_require(x, true, &error);
    struct grad_tensor *y = grad_tensor_retain(x);
    for (int i = 0; i < LINKS && y; i++)
        y = next(y, one, &error);
    o->ok = y && grad_tensor_get(y, 0) == LINKS &&
            grad_backward(y, NULL, false, &error);
    grad_tensor_release(y);
    o->gradient = o->ok ? grad_tensor_get(grad_tensor_grad(x), 0) : 0;
    // and one that is thrown away without a walk
    y = grad_tensor_retain(x);
    for (int i = 0; i < LINKS && y; i++)
        y = next(y, one, &error);
    grad_tensor_release(y);
    grad_tensor_release(x);
    grad_tensor_release(one);
    o->after = grad_memory_stats().live;
    return NULL;
}

static void a_million_links_on_a_small_stack(void **state)
{
    struct outcome o = {0};
    pthread_attr_t attr;
    pthread_t thread;
    assert_true(grad_threads_set(1, NULL));
    pthread_attr_init(&attr);
    assert_int_equal(pthread_attr_setstacksize(&attr, 1 << 20), 0);
    assert_int_equal(pthread_create(&thread, &attr, walk, &o), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attr);
    assert_true(o.ok);
    assert_true(o.gradient == 1);
    assert_int_equal(o.before, o.after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_million_links_on_a_small_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
