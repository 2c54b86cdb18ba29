// SPDX-License-Identifier: GPL-3.0-or-later
// Sums and means over any dimensions.
#include "engine/ops/ops.h"

#include <string.h>

#include "engine/loop.h"
#include "engine/memory.h"
#include "engine/thread.h"

enum { GRAIN = 32768 };

// x seen as (before, middle, after), the middle being summed away.
struct pass {
    const struct grad_kernels *kernels;
    size_t item, middle, after;
    const char *x;
    char *y;
};

static void store(const struct pass *r, size_t i, double value)
{
    if (r->item == sizeof(float))
        ((float *)r->y)[i] = (float)value;
    else
        ((double *)r->y)[i] = value;
}

// Rows [begin, end) of the outer positions; each a contiguous run.
static void sum_rows(void *context, size_t begin, size_t end, int part)
{
    const struct pass *r = context;
    for (size_t i = begin; i < end; i++)
        store(r, i, r->kernels->sum(r->middle, r->x + i * r->middle * r->item));
}

// Columns [begin, end) of one outer position, summed row by row.
static void sum_columns(void *context, size_t begin, size_t end, int part)
{
    const struct pass *r = context;
    memset(r->y + begin * r->item, 0, (end - begin) * r->item);
    for (size_t m = 0; m < r->middle; m++)
        r->kernels->accumulate(end - begin,
                               r->x + (m * r->after + begin) * r->item,
                               r->y + begin * r->item);
}

static void sum_middle(const struct grad_tensor *x, struct grad_tensor *y,
                       size_t before, size_t middle, size_t after)
{
    size_t item = grad_dtype_size(x->dtype);
    struct pass r = {
        grad_kernels(x->dtype), item, middle, after, x->data, y->data};
    if (after == 1) {
        grad_parallel(before, GRAIN / (middle + 1) + 1, sum_rows, &r);
        return;
    }
    for (size_t i = 0; i < before; i++) {
        grad_parallel(after, GRAIN / (middle + 1) + 1, sum_columns, &r);
        r.x += middle * after * item;
        r.y += after * item;
    }
}

// Sums contiguous x over the dimensions of `mask`, one run of neighbouring
// ones at a time, from the last to the first. The result keeps them as 1.
static struct grad_tensor *sum_mask(struct grad_tensor *x, unsigned mask,
                                    struct grad_error *error)
{
    struct grad_tensor *now = grad_tensor_retain(x);
    for (int d = x->ndim - 1; d >= 0 && now;) {
        if (!(mask >> d & 1)) {
            d--;
            continue;
        }
        size_t shape[GRAD_MAX_DIMS], before = 1, middle = 1, after = 1;
        memcpy(shape, now->shape, sizeof shape);
        for (int e = d + 1; e < now->ndim; e++)
            after *= now->shape[e];
        for (; d >= 0 && mask >> d & 1; d--) {
            middle *= now->shape[d];
            shape[d] = 1;
        }
        for (int e = 0; e <= d; e++)
            before *= now->shape[e];
        struct grad_tensor *next =
            grad_tensor_new(now->dtype, now->ndim, shape, error);
        if (next)
            sum_middle(now, next, before, middle, after);
        grad_tensor_release(now);
        now = next;
    }
    return now;
}

static unsigned mask_of(const struct grad_attrs *a, int ndim)
{
    unsigned mask = 0;
    if (a->count < 0)
        return (1u << ndim) - 1;
    for (int d = 0; d < a->count; d++)
        mask |= 1u << a->list[d];
    return mask;
}

// How many elements fall on one of the result.
static size_t count_of(const struct grad_tensor *x, unsigned mask)
{
    size_t n = 1;
    for (int d = 0; d < x->ndim; d++)
        n *= mask >> d & 1 ? x->shape[d] : 1;
    return n;
}

// t without the dimensions of `mask`; takes over t.
static struct grad_tensor *drop_dims(struct grad_tensor *t, unsigned mask,
                                     struct grad_error *error)
{
    size_t shape[GRAD_MAX_DIMS];
    int n = 0;
    for (int d = 0; d < t->ndim; d++) {
        if (!(mask >> d & 1))
            shape[n++] = t->shape[d];
    }
    t->ndim = (uint8_t)n; // it is ours alone: no view is needed
    ptrdiff_t stride = 1;
    for (int d = n - 1; d >= 0; d--) {
        t->shape[d] = shape[d];
        t->stride[d] = stride;
        stride *= (ptrdiff_t)shape[d];
    }
    return t;
}

bool grad_sum_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *x = call->in[0], *y;
    unsigned mask = mask_of(call->attrs, x->ndim);
    if (mask == 0) // nothing to sum: a copy
        y = grad_tensor_clone(x, error);
    else
        y = sum_mask(x, mask, error);
    if (!y)
        return false;
    if (call->op->variant == 1)
        grad_kernels(y->dtype)->scale(y->numel, 1.0 / (double)count_of(x, mask),
                                      y->data, y->data);
    call->out[0] = call->attrs->i[0] ? y : drop_dims(y, mask, error);
    return true;
}

// g spread over the dimensions that were summed away, divided for a mean.
bool grad_sum_backward(struct grad_backward *b, struct grad_error *error)
{
    const struct grad_tensor *x = b->in[0];
    struct grad_tensor *g = b->gout[0];
    unsigned mask = mask_of(b->attrs, x->ndim);
    size_t shape[GRAD_MAX_DIMS];
    for (int d = 0; d < x->ndim; d++)
        shape[d] = mask >> d & 1 ? 1 : x->shape[d];
    struct grad_tensor *kept = grad_tensor_reshape(g, x->ndim, shape, error);
    if (!kept)
        return false;
    struct grad_tensor *gx = grad_tensor_new_like(x, error);
    if (gx && grad_tensor_copy(gx, kept, error))
        b->gin[0] = gx;
    grad_tensor_release(kept);
    if (gx && b->op->variant == 1)
        grad_kernels(gx->dtype)->scale(
            gx->numel, 1.0 / (double)count_of(x, mask), gx->data, gx->data);
    return gx != NULL;
}

bool grad_sum_to_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *x = call->in[0];
    const struct grad_attrs *a = call->attrs;
    unsigned mask = 0, lead = 0;
    for (int d = 0; d < x->ndim; d++) {
        int to = d - (x->ndim - a->count);
        if (to < 0)
            lead |= 1u << d;
        else if (a->list[to] == 1 && x->shape[d] != 1)
            mask |= 1u << d;
        else if ((size_t)a->list[to] != x->shape[d])
            return grad_op_fail(call->op, error,
                                "size %lld does not broadcast to %zu",
                                (long long)a->list[to], x->shape[d]);
    }
    if (a->count > x->ndim)
        return grad_op_fail(call->op, error,
                            "the result has more dimensions than x");
    struct grad_tensor *y = mask | lead ? sum_mask(x, mask | lead, error)
                                        : grad_tensor_clone(x, error);
    if (!y)
        return false;
    call->out[0] = drop_dims(y, lead, error);
    return true;
}

bool grad_sum_to_backward(struct grad_backward *b, struct grad_error *error)
{
    struct grad_tensor *gx = grad_tensor_new_like(b->in[0], error);
    b->gin[0] = gx;
    return gx && grad_tensor_copy(gx, b->gout[0], error);
}
