// SPDX-License-Identifier: GPL-3.0-or-later
// x (*, in)  w (out, in)  b (out)  ->  y (*, out) = x w^T + b
#include "engine/ops/ops.h"

#include <string.h>

#include "engine/gemm.h"
#include "engine/thread.h"

enum { GRAIN = 32768 };

static bool check_shapes(struct grad_call *call, struct grad_error *error)
{
    const struct grad_tensor *x = call->in[0], *w = call->in[1];
    const struct grad_tensor *bias = call->n_in > 2 ? call->in[2] : NULL;
    char tx[GRAD_SHAPE_TEXT], tw[GRAD_SHAPE_TEXT];
    if (w->ndim != 2)
        return grad_op_fail(call->op, error,
                            "the weight is %s; expected (out, in)",
                            grad_shape_text(tw, w->ndim, w->shape));
    if (x->ndim == 0 || x->shape[x->ndim - 1] != w->shape[1])
        return grad_op_fail(call->op, error,
                            "input is %s; expected (*, %zu) for a weight of "
                            "shape %s",
                            grad_shape_text(tx, x->ndim, x->shape), w->shape[1],
                            grad_shape_text(tw, w->ndim, w->shape));
    if (bias && (bias->ndim != 1 || bias->shape[0] != w->shape[0]))
        return grad_op_fail(call->op, error,
                            "the bias is %s; expected (%zu) for a weight of "
                            "shape %s",
                            grad_shape_text(tx, bias->ndim, bias->shape),
                            w->shape[0],
                            grad_shape_text(tw, w->ndim, w->shape));
    return true;
}

struct rows {
    const struct grad_kernels *kernels;
    size_t item, n, rows;
    const char *from;
    char *to;
};

static void bias_range(void *context, size_t begin, size_t end, int part)
{
    const struct rows *r = context;
    size_t line = r->n * r->item;
    for (size_t i = begin; i < end; i++)
        memcpy(r->to + i * line, r->from, line);
}

// y starts as the bias in every row; the product is added to it.
static void start_with_bias(struct grad_tensor *y,
                            const struct grad_tensor *bias)
{
    size_t n = bias->numel, rows = n ? y->numel / n : 0;
    struct rows r = {grad_kernels(y->dtype),
                     grad_dtype_size(y->dtype),
                     n,
                     rows,
                     bias->data,
                     y->data};
    grad_parallel(rows, GRAIN / (n + 1) + 1, bias_range, &r);
}

bool grad_linear_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *x = call->in[0], *w = call->in[1];
    struct grad_tensor *bias = call->n_in > 2 ? call->in[2] : NULL;
    if (!check_shapes(call, error))
        return false;
    size_t out = w->shape[0], in = w->shape[1], shape[GRAD_MAX_DIMS];
    memcpy(shape, x->shape, sizeof shape);
    shape[x->ndim - 1] = out;
    struct grad_tensor *y = grad_tensor_new(x->dtype, x->ndim, shape, error);
    if (!y)
        return false;
    call->out[0] = y;
    if (bias)
        start_with_bias(y, bias);
    if (out == 0)
        return true;
    return grad_gemm(x->dtype, false, true, y->numel / out, out, in, x->data,
                     in, w->data, in, bias != NULL, y->data, out, error);
}

static void column_range(void *context, size_t begin, size_t end, int part)
{
    const struct rows *r = context;
    char *to = r->to + begin * r->item;
    memset(to, 0, (end - begin) * r->item);
    for (size_t i = 0; i < r->rows; i++)
        r->kernels->accumulate(end - begin,
                               r->from + (i * r->n + begin) * r->item, to);
}

// gb (out) = the sum of g's rows
static bool bias_gradient(struct grad_backward *b, struct grad_error *error)
{
    const struct grad_tensor *g = b->gout[0];
    struct grad_tensor *gb = grad_tensor_new_like(b->in[2], error);
    b->gin[2] = gb;
    if (!gb)
        return false;
    size_t n = gb->numel, rows = n ? g->numel / n : 0;
    struct rows r = {grad_kernels(g->dtype),
                     grad_dtype_size(g->dtype),
                     n,
                     rows,
                     g->data,
                     gb->data};
    grad_parallel(n, GRAIN / (rows + 1) + 16, column_range, &r);
    return true;
}

// gx (*, in) = g w;  gw (out, in) = g^T x
bool grad_linear_backward(struct grad_backward *b, struct grad_error *error)
{
    struct grad_tensor *x = b->in[0], *w = b->in[1], *g = b->gout[0];
    size_t out = w->shape[0], in = w->shape[1];
    size_t rows = in ? x->numel / in : 0;
    if (b->n_in > 2 && b->needs[2] && !bias_gradient(b, error))
        return false;
    if (b->needs[1]) {
        struct grad_tensor *gw = b->gin[1] = grad_tensor_new_like(w, error);
        if (!gw)
            return false;
        if (!grad_gemm(g->dtype, true, false, out, in, rows, g->data, out,
                       x->data, in, false, gw->data, in, error))
            return false;
    }
    if (!b->needs[0])
        return true;
    struct grad_tensor *gx = b->gin[0] = grad_tensor_new_like(x, error);
    if (!gx)
        return false;
    return grad_gemm(g->dtype, false, false, rows, in, out, g->data, out,
                     w->data, in, false, gx->data, in, error);
}
