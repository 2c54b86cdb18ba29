// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/loop.h"

#include <string.h>

#include "engine/thread.h"

bool grad_broadcast_shape(const struct grad_tensor *a,
                          const struct grad_tensor *b, int *ndim, size_t *shape)
{
    *ndim = a->ndim > b->ndim ? a->ndim : b->ndim;
    for (int d = 0; d < *ndim; d++) {
        int da = a->ndim - *ndim + d, db = b->ndim - *ndim + d;
        size_t na = da < 0 ? 1 : a->shape[da], nb = db < 0 ? 1 : b->shape[db];
        if (na != nb && na != 1 && nb != 1)
            return false;
        shape[d] = na == 1 ? nb : na;
    }
    return true;
}

// Whether dimension d and the one behind it are one run for every operand.
static bool can_join(const struct grad_loop *loop, int d)
{
    for (int k = 0; k < loop->operands; k++) {
        if (loop->stride[k][d] !=
            loop->stride[k][d + 1] * (ptrdiff_t)loop->shape[d + 1])
            return false;
    }
    return true;
}

static void remove_dim(struct grad_loop *loop, int d)
{
    for (int e = d; e + 1 < loop->ndim; e++) {
        loop->shape[e] = loop->shape[e + 1];
        for (int k = 0; k < loop->operands; k++)
            loop->stride[k][e] = loop->stride[k][e + 1];
    }
    loop->ndim--;
}

static void join_dims(struct grad_loop *loop)
{
    for (int d = loop->ndim - 1; d >= 0 && loop->ndim > 1; d--) {
        if (loop->shape[d] == 1)
            remove_dim(loop, d);
    }
    for (int d = loop->ndim - 2; d >= 0; d--) {
        if (!can_join(loop, d))
            continue;
        loop->shape[d + 1] *= loop->shape[d];
        remove_dim(loop, d);
    }
}

void grad_loop_init(struct grad_loop *loop, int ndim, const size_t *shape,
                    struct grad_tensor *const *operand, int operands)
{
    loop->ndim = ndim;
    loop->operands = operands;
    memcpy(loop->shape, shape, (size_t)ndim * sizeof *shape);
    for (int k = 0; k < operands; k++) {
        const struct grad_tensor *t = operand[k];
        loop->data[k] = t->data;
        loop->item[k] = grad_dtype_size(t->dtype);
        for (int d = 0; d < ndim; d++) {
            int own = t->ndim - ndim + d;
            loop->stride[k][d] =
                own < 0 || t->shape[own] == 1 ? 0 : t->stride[own];
        }
    }
    if (ndim == 0) {
        loop->ndim = 1;
        loop->shape[0] = 1;
        for (int k = 0; k < operands; k++)
            loop->stride[k][0] = 0;
    }
    join_dims(loop);
}

struct run {
    const struct grad_loop *loop;
    grad_loop_row row;
    void *context;
};

// A range of a loop of one dimension.
static void run_flat(void *context, size_t begin, size_t end, int part)
{
    const struct run *run = context;
    const struct grad_loop *loop = run->loop;
    char *data[GRAD_LOOP_OPERANDS];
    ptrdiff_t stride[GRAD_LOOP_OPERANDS];
    for (int k = 0; k < loop->operands; k++) {
        stride[k] = loop->stride[k][0];
        data[k] = loop->data[k] +
                  (ptrdiff_t)begin * stride[k] * (ptrdiff_t)loop->item[k];
    }
    run->row(run->context, end - begin, data, stride);
}

// A range of outer positions, each an inner run.
static void run_rows(void *context, size_t begin, size_t end, int part)
{
    const struct run *run = context;
    const struct grad_loop *loop = run->loop;
    int inner = loop->ndim - 1;
    ptrdiff_t stride[GRAD_LOOP_OPERANDS];
    for (int k = 0; k < loop->operands; k++)
        stride[k] = loop->stride[k][inner];
    for (size_t i = begin; i < end; i++) {
        char *data[GRAD_LOOP_OPERANDS];
        memcpy(data, loop->data, sizeof data);
        size_t rest = i;
        for (int d = inner - 1; d >= 0; d--) {
            ptrdiff_t at = (ptrdiff_t)(rest % loop->shape[d]);
            rest /= loop->shape[d];
            for (int k = 0; k < loop->operands; k++)
                data[k] += at * loop->stride[k][d] * (ptrdiff_t)loop->item[k];
        }
        run->row(run->context, loop->shape[inner], data, stride);
    }
}

void grad_loop_run(const struct grad_loop *loop, size_t grain,
                   grad_loop_row row, void *context)
{
    struct run run = {loop, row, context};
    size_t inner = loop->shape[loop->ndim - 1], outer = 1;
    for (int d = 0; d < loop->ndim - 1; d++)
        outer *= loop->shape[d];
    if (inner == 0 || outer == 0)
        return;
    if (loop->ndim == 1)
        grad_parallel(inner, grain, run_flat, &run);
    else
        grad_parallel(outer, grain / inner + 1, run_rows, &run);
}
