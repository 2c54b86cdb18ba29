// SPDX-License-Identifier: GPL-3.0-or-later
// Ops along one dimension: x seen as lines of n elements, shared out among
// threads; kernel/along.h does the work on them.
#ifndef GRAD_ENGINE_OPS_ALONG_H
#define GRAD_ENGINE_OPS_ALONG_H

#include "engine/kernel/along.h"
#include "engine/ops/ops.h"
#include "engine/thread.h"

// x as lines along `dim`; `lines` is their number, `next` not yet set.
static inline struct grad_lines grad_lines_of(const struct grad_tensor *x,
                                              int64_t dim)
{
    struct grad_lines l = {x->ndim ? x->shape[dim] : 1, 1, 1, 1};
    for (int d = (int)dim + 1; d < x->ndim; d++)
        l.step *= x->shape[d];
    l.lines = l.n ? x->numel / l.n : 0;
    return l;
}

// Place of the first element of line i.
static inline size_t grad_line_start(const struct grad_lines *l, size_t i)
{
    return i / l->step * l->step * l->n + i % l->step;
}

// A kernel's call on lines that lie evenly: `first` is the number of the
// first of them, `at` where it begins.
typedef void (*grad_along_fn)(void *context, const struct grad_lines *l,
                              size_t first, size_t at);

struct grad_along_run {
    struct grad_lines all;
    grad_along_fn call;
    void *context;
};

static void grad_along_range(void *context, size_t begin, size_t end, int part)
{
    const struct grad_along_run *r = context;
    struct grad_lines l = r->all;
    l.next = l.step == 1 ? l.n : 1;
    while (begin < end) {
        size_t left = l.step == 1 ? end : l.step - begin % l.step;
        l.lines = left < end - begin ? left : end - begin;
        r->call(r->context, &l, begin, grad_line_start(&l, begin));
        begin += l.lines;
    }
}

// Calls `call` for all lines, on several threads where it pays.
static inline void grad_along_run(const struct grad_lines *l,
                                  grad_along_fn call, void *context)
{
    struct grad_along_run run = {*l, call, context};
    grad_parallel(l->lines, 32768 / (l->n + 1) + 1, grad_along_range, &run);
}

// x's shape without a dimension, or with size 1 there.
static inline struct grad_tensor *grad_new_without(const struct grad_tensor *x,
                                                   enum grad_dtype dtype,
                                                   int64_t dim, bool keep,
                                                   struct grad_error *error)
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

#endif
