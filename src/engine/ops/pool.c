// SPDX-License-Identifier: GPL-3.0-or-later
// Pooling of x (*, H, W): the largest or the mean of each window.
#include "engine/ops/ops.h"

#include <string.h>

#include "engine/kernel/nn.h"
#include "engine/thread.h"

enum { GRAIN = 8192 };
enum variant { MAX, AVERAGE, ADAPTIVE };

struct pool {
    const struct grad_nn_kernels *kernels;
    enum variant variant;
    struct grad_window window;
    size_t item, planes;
    const char *x; // or gy
    char *y;       // or gx
    int32_t *at;   // max pooling: where each output came from
};

static bool check_sizes(const struct grad_op *op, const struct grad_window *g,
                        const struct grad_tensor *x, struct grad_error *error)
{
    char tx[GRAD_SHAPE_TEXT];
    if (2 * g->padding[0] > g->kh || 2 * g->padding[1] > g->kw)
        return grad_op_fail(op, error,
                            "padding should be at most half the window");
    if (g->kh > g->h + 2 * g->padding[0] || g->kw > g->w + 2 * g->padding[1])
        return grad_op_fail(op, error,
                            "a window of %zu x %zu does not fit into an input "
                            "of shape %s",
                            g->kh, g->kw,
                            grad_shape_text(tx, x->ndim, x->shape));
    return true;
}

static bool window_init(const struct grad_op *op, const struct grad_attrs *a,
                        const struct grad_tensor *x, struct grad_window *g,
                        struct grad_error *error)
{
    char tx[GRAD_SHAPE_TEXT];
    *g = (struct grad_window){.channels = 1};
    if (x->ndim < 3)
        return grad_op_fail(op, error,
                            "input is %s; expected (N, channels, height, "
                            "width)",
                            grad_shape_text(tx, x->ndim, x->shape));
    g->h = x->shape[x->ndim - 2];
    g->w = x->shape[x->ndim - 1];
    if (a->i[0] < 1 || a->i[1] < 1 || g->h == 0 || g->w == 0)
        return grad_op_fail(op, error, "sizes should be at least 1");
    if (op->variant == ADAPTIVE) {
        g->oh = (size_t)a->i[0];
        g->ow = (size_t)a->i[1];
        g->adaptive = true;
        return true;
    }
    bool stride = a->i[2] != 0 || a->i[3] != 0; // else the window's size
    for (int d = 0; d < 2; d++) {
        if (a->i[2 + d] < 0 || (stride && a->i[2 + d] == 0) || a->i[4 + d] < 0)
            return grad_op_fail(op, error,
                                "stride counts from 1 and padding from 0");
        g->stride[d] = (size_t)a->i[(stride ? 2 : 0) + d];
        g->padding[d] = (size_t)a->i[4 + d];
    }
    g->kh = (size_t)a->i[0];
    g->kw = (size_t)a->i[1];
    g->count_padding = a->i[6];
    if (!check_sizes(op, g, x, error))
        return false;
    g->oh = (g->h + 2 * g->padding[0] - g->kh) / g->stride[0] + 1;
    g->ow = (g->w + 2 * g->padding[1] - g->kw) / g->stride[1] + 1;
    return true;
}

static void forward_planes(void *context, size_t begin, size_t end, int part)
{
    const struct pool *r = context;
    const struct grad_window *g = &r->window;
    size_t outputs = g->oh * g->ow, size = g->h * g->w;
    if (r->variant == MAX)
        r->kernels->max_pool(g, end - begin, r->x + begin * size * r->item,
                             r->y + begin * outputs * r->item,
                             r->at + begin * outputs);
    for (size_t i = begin; i < end && r->variant != MAX; i++)
        r->kernels->avg_pool(g, r->x + i * size * r->item,
                             r->y + i * outputs * r->item);
}

static void backward_planes(void *context, size_t begin, size_t end, int part)
{
    const struct pool *r = context;
    const struct grad_window *g = &r->window;
    size_t outputs = g->oh * g->ow, size = g->h * g->w;
    if (r->variant == MAX)
        r->kernels->max_pool_back(
            g, end - begin, r->x + begin * outputs * r->item,
            r->at + begin * outputs, r->y + begin * size * r->item);
    for (size_t i = begin; i < end && r->variant != MAX; i++)
        r->kernels->avg_pool_back(g, r->x + i * outputs * r->item,
                                  r->y + i * size * r->item);
}

static void run(struct pool *r, const struct grad_tensor *x,
                grad_range_fn range)
{
    size_t size = r->window.h * r->window.w;
    r->kernels = grad_kernels(x->dtype)->nn;
    r->item = grad_dtype_size(x->dtype);
    grad_parallel(x->numel / size, GRAIN / size + 1, range, r);
}

bool grad_pool_forward(struct grad_call *call, struct grad_error *error)
{
    const struct grad_tensor *x = call->in[0];
    struct pool r = {.variant = (enum variant)call->op->variant};
    if (!window_init(call->op, call->attrs, x, &r.window, error))
        return false;
    size_t shape[GRAD_MAX_DIMS];
    memcpy(shape, x->shape, sizeof shape);
    shape[x->ndim - 2] = r.window.oh;
    shape[x->ndim - 1] = r.window.ow;
    struct grad_tensor *y = grad_tensor_new(x->dtype, x->ndim, shape, error);
    if (!y)
        return false;
    if (r.variant == MAX) { // as many int32 as y has elements
        call->kept[0] = grad_tensor_new(GRAD_FLOAT32, 1, &y->numel, error);
        if (!call->kept[0]) {
            grad_tensor_release(y);
            return false;
        }
        r.at = call->kept[0]->data;
    }
    call->out[0] = y;
    r.x = x->data;
    r.y = y->data;
    run(&r, x, forward_planes);
    return true;
}

bool grad_pool_backward(struct grad_backward *b, struct grad_error *error)
{
    const struct grad_tensor *x = b->in[0];
    struct pool r = {.variant = (enum variant)b->op->variant};
    struct grad_tensor *gx = b->gin[0] = grad_tensor_new_like(x, error);
    if (!gx || !window_init(b->op, b->attrs, x, &r.window, error))
        return false;
    r.at = r.variant == MAX ? b->kept[0]->data : NULL;
    r.x = b->gout[0]->data;
    r.y = gx->data;
    run(&r, x, backward_planes);
    return true;
}
