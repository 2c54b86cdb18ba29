// SPDX-License-Identifier: GPL-3.0-or-later
// Activations that are no function of one element: prelu, whose slope is
// learnt, and maxout, the largest of several.
#include "engine/ops/ops.h"

#include <string.h>

#include "engine/kernel/nn.h"
#include "engine/thread.h"

enum { GRAIN = 16384 };

// --- prelu -------------------------------------------------------------------

// x (N, C, *)  w (1) or (C): x above 0, w x below

// x as (runs, n), run r having the slope w[r % channels]
struct runs {
    const struct grad_nn_kernels *kernels;
    size_t item, channels, n;
    const char *x, *w, *g;
    char *out;
    double *sums;
};

static struct runs runs_of(const struct grad_tensor *x,
                           const struct grad_tensor *w)
{
    struct runs r = {.kernels = grad_kernels(x->dtype)->nn,
                     .item = grad_dtype_size(x->dtype),
                     .channels = w->numel,
                     .n = 1};
    for (int d = w->numel == 1 ? 0 : 2; d < x->ndim; d++)
        r.n *= x->shape[d];
    return r;
}

static void prelu_range(void *context, size_t begin, size_t end, int part)
{
    const struct runs *r = context;
    for (size_t i = begin; i < end; i++) {
        size_t skip = i * r->n * r->item;
        r->kernels->prelu(r->n, r->w + i % r->channels * r->item, r->x + skip,
                          r->out + skip);
    }
}

bool grad_prelu_forward(struct grad_call *call, struct grad_error *error)
{
    const struct grad_tensor *x = call->in[0], *w = call->in[1];
    char tx[GRAD_SHAPE_TEXT];
    size_t channels = x->ndim > 1 ? x->shape[1] : 1;
    if (w->numel != 1 && w->numel != channels)
        return grad_op_fail(call->op, error,
                            "input is %s; expected 1 slope or %zu, one a "
                            "channel, got %zu",
                            grad_shape_text(tx, x->ndim, x->shape), channels,
                            w->numel);
    struct grad_tensor *y = call->out[0] = grad_tensor_new_like(x, error);
    if (!y)
        return false;
    struct runs r = runs_of(x, w);
    r.x = x->data;
    r.w = w->data;
    r.out = y->data;
    if (r.n)
        grad_parallel(x->numel / r.n, GRAIN / r.n + 1, prelu_range, &r);
    return true;
}

static void prelu_back_range(void *context, size_t begin, size_t end, int part)
{
    const struct runs *r = context;
    for (size_t i = begin; i < end; i++) {
        size_t skip = i * r->n * r->item;
        r->kernels->prelu_back(r->n, r->w + i % r->channels * r->item,
                               r->x + skip, r->g + skip, r->out + skip);
    }
}

static bool slope_gradient(struct grad_backward *b, struct runs *r,
                           struct grad_error *error)
{
    const struct grad_tensor *x = b->in[0];
    struct grad_tensor *gw = b->gin[1] =
        grad_tensor_full(x->dtype, b->in[1]->ndim, b->in[1]->shape, 0, error);
    if (!gw)
        return false;
    for (size_t c = 0; c < r->channels && r->n; c++) {
        double sum = 0;
        for (size_t i = c; i < x->numel / r->n; i += r->channels)
            sum += r->kernels->prelu_slope(r->n, r->x + i * r->n * r->item,
                                           r->g + i * r->n * r->item);
        grad_tensor_set(gw, c, sum);
    }
    return true;
}

// gx = g or w g;  gw = the sum of g x where x < 0
bool grad_prelu_backward(struct grad_backward *b, struct grad_error *error)
{
    const struct grad_tensor *x = b->in[0];
    struct runs r = runs_of(x, b->in[1]);
    r.x = x->data;
    r.w = b->in[1]->data;
    r.g = b->gout[0]->data;
    if (b->needs[1] && !slope_gradient(b, &r, error))
        return false;
    if (!b->needs[0])
        return true;
    b->gin[0] = grad_tensor_new_like(x, error);
    if (!b->gin[0])
        return false;
    r.out = b->gin[0]->data;
    if (r.n)
        grad_parallel(x->numel / r.n, GRAIN / r.n + 1, prelu_back_range, &r);
    return true;
}

// --- maxout ------------------------------------------------------------------

// x (*, units pieces)  ->  y (*, units): the largest of each unit's pieces

struct maxout {
    const struct grad_nn_kernels *kernels;
    size_t item, pieces;
    const char *x, *g;
    char *out;
};

static void maxout_range(void *context, size_t begin, size_t end, int part)
{
    const struct maxout *m = context;
    m->kernels->maxout(end - begin, m->pieces,
                       m->x + begin * m->pieces * m->item,
                       m->out + begin * m->item);
}

bool grad_maxout_forward(struct grad_call *call, struct grad_error *error)
{
    const struct grad_tensor *x = call->in[0];
    int64_t pieces = call->attrs->i[0];
    size_t shape[GRAD_MAX_DIMS], last = x->ndim ? x->shape[x->ndim - 1] : 0;
    char tx[GRAD_SHAPE_TEXT];
    if (pieces < 1 || last == 0 || last % (size_t)pieces)
        return grad_op_fail(call->op, error,
                            "input is %s; its last dimension should be a "
                            "multiple of the %lld pieces",
                            grad_shape_text(tx, x->ndim, x->shape),
                            (long long)pieces);
    memcpy(shape, x->shape, sizeof shape);
    shape[x->ndim - 1] = last / (size_t)pieces;
    struct grad_tensor *y = call->out[0] =
        grad_tensor_new(x->dtype, x->ndim, shape, error);
    if (!y)
        return false;
    struct maxout m = {grad_kernels(x->dtype)->nn,
                       grad_dtype_size(x->dtype),
                       (size_t)pieces,
                       x->data,
                       NULL,
                       y->data};
    grad_parallel(y->numel, GRAIN / (size_t)pieces + 1, maxout_range, &m);
    return true;
}

static void maxout_back_range(void *context, size_t begin, size_t end, int part)
{
    const struct maxout *m = context;
    size_t skip = begin * m->pieces * m->item;
    m->kernels->maxout_back(end - begin, m->pieces, m->x + skip,
                            m->g + begin * m->item, m->out + skip);
}

// g goes to the first of the largest.
bool grad_maxout_backward(struct grad_backward *b, struct grad_error *error)
{
    const struct grad_tensor *x = b->in[0], *g = b->gout[0];
    b->gin[0] = grad_tensor_new_like(x, error);
    if (!b->gin[0])
        return false;
    struct maxout m = {grad_kernels(x->dtype)->nn,
                       grad_dtype_size(x->dtype),
                       (size_t)b->attrs->i[0],
                       x->data,
                       g->data,
                       b->gin[0]->data};
    grad_parallel(g->numel, GRAIN / m.pieces + 1, maxout_back_range, &m);
    return true;
}
