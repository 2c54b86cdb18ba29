// SPDX-License-Identifier: GPL-3.0-or-later
// Ops along one dimension: x seen as lines of n elements, shared out among
// threads; kernel/along.h does the work on them.
#ifndef GRAD_ENGINE_OPS_ALONG_H
#define GRAD_ENGINE_OPS_ALONG_H

#include "engine/kernel/along.h"
#include "engine/ops/ops.h"

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

// Calls `call` for all lines, on several threads where it pays.
void grad_along_run(const struct grad_lines *l, grad_along_fn call,
                    void *context);

// x's shape without a dimension, or with size 1 there.
struct grad_tensor *grad_new_without(const struct grad_tensor *x,
                                     enum grad_dtype dtype, int64_t dim,
                                     bool keep, struct grad_error *error);

// The context of grad_along_give_back's calls: what becomes of the gradient g
// of values that were taken from x at `place` (1-based, along the dimension).
struct grad_giving_back {
    const struct grad_along_kernels *kernels;
    size_t item; // bytes of an element of g and gx
    const char *g;
    const double *place;
    char *gx; // zeros
};

// The backward of an op that outputs elements of in[0] along dimension i[0]
// and has kept[0], their places.
bool grad_along_give_back(struct grad_backward *b, grad_along_fn call,
                          struct grad_error *error);

#endif
