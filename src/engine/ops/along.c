// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/along.h"

#include "engine/thread.h"

struct run {
    struct grad_lines all;
    grad_along_fn call;
    void *context;
};

static void run_range(void *context, size_t begin, size_t end, int part)
{
    const struct run *r = context;
    struct grad_lines l = r->all;
    l.next = l.step == 1 ? l.n : 1;
    while (begin < end) {
        size_t left = l.step == 1 ? end : l.step - begin % l.step;
        l.lines = left < end - begin ? left : end - begin;
        r->call(r->context, &l, begin, grad_line_start(&l, begin));
        begin += l.lines;
    }
}

void grad_along_run(const struct grad_lines *l, grad_along_fn call,
                    void *context)
{
    struct run run = {*l, call, context};
    grad_parallel(l->lines, 32768 / (l->n + 1) + 1, run_range, &run);
}

struct grad_tensor *grad_new_without(const struct grad_tensor *x,
                                     enum grad_dtype dtype, int64_t dim,
                                     bool keep, struct grad_error *error)
{
    size_t shape[GRAD_MAX_DIMS] = {0};
    int n = 0;
    for (int d = 0; d < x->ndim; d++) {
        if (d != dim)
            shape[n++] = x->shape[d];
        else if (keep)
            shape[n++] = 1;
    }
    return grad_tensor_new(dtype, n, shape, error);
}

bool grad_along_give_back(struct grad_backward *b, grad_along_fn call,
                          struct grad_error *error)
{
    const struct grad_tensor *x = b->in[0], *g = b->gout[0];
    struct grad_lines l = grad_lines_of(x, b->attrs->i[0]);
    b->gin[0] = grad_tensor_full(x->dtype, x->ndim, x->shape, 0, error);
    if (!b->gin[0])
        return false;
    if (!g)
        return true;
    struct grad_giving_back back = {grad_kernels(x->dtype)->along,
                                    grad_dtype_size(x->dtype), g->data,
                                    b->kept[0]->data, b->gin[0]->data};
    grad_along_run(&l, call, &back);
    return true;
}
