// SPDX-License-Identifier: GPL-3.0-or-later
// Softmax, its logarithm and softmin over one dimension. The kernels work on
// rows; another dimension is moved to the last place and back.
#include "engine/ops/ops.h"

#include "engine/kernel/nn.h"
#include "engine/thread.h"

enum { GRAIN = 4096 };
enum variant { SOFTMAX, SOFTMIN, LOG_SOFTMAX };

struct pass {
    const struct grad_nn_kernels *kernels;
    enum variant variant;
    size_t n, item;
    const char *from, *g;
    char *to;
};

struct grad_tensor *grad_move_dim(struct grad_tensor *x, int from, int to,
                                  struct grad_error *error)
{
    size_t shape[GRAD_MAX_DIMS];
    ptrdiff_t stride[GRAD_MAX_DIMS];
    if (from == to && x->contiguous)
        return grad_tensor_retain(x);
    for (int d = 0, old = 0; d < x->ndim; d++) {
        old += old == from;
        int source = d == to ? from : old++;
        shape[d] = x->shape[source];
        stride[d] = x->stride[source];
    }
    struct grad_tensor *view =
        grad_tensor_view(x, x->ndim, shape, stride, x->data, error);
    struct grad_tensor *moved = view ? grad_tensor_clone(view, error) : NULL;
    grad_tensor_release(view);
    return moved;
}

static void forward_range(void *context, size_t begin, size_t end, int part)
{
    const struct pass *r = context;
    size_t skip = begin * r->n * r->item;
    if (r->variant == LOG_SOFTMAX)
        r->kernels->log_softmax(end - begin, r->n, r->from + skip,
                                r->to + skip);
    else
        r->kernels->softmax(end - begin, r->n, r->variant == SOFTMIN,
                            r->from + skip, r->to + skip);
}

static void backward_range(void *context, size_t begin, size_t end, int part)
{
    const struct pass *r = context;
    size_t skip = begin * r->n * r->item;
    if (r->variant == LOG_SOFTMAX)
        r->kernels->log_softmax_back(end - begin, r->n, r->from + skip,
                                     r->g + skip, r->to + skip);
    else
        r->kernels->softmax_back(end - begin, r->n, r->variant == SOFTMIN,
                                 r->from + skip, r->g + skip, r->to + skip);
}

static void run(struct pass *r, const struct grad_tensor *t,
                grad_range_fn range)
{
    r->kernels = grad_kernels(t->dtype)->nn;
    r->item = grad_dtype_size(t->dtype);
    r->n = t->ndim ? t->shape[t->ndim - 1] : 1;
    if (r->n)
        grad_parallel(t->numel / r->n, GRAIN / r->n + 1, range, r);
}

bool grad_softmax_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *x = call->in[0];
    int dim = (int)call->attrs->i[0], last = x->ndim ? x->ndim - 1 : 0;
    dim = x->ndim ? dim : 0;
    struct grad_tensor *rows = grad_move_dim(x, dim, last, error);
    struct grad_tensor *y = rows ? grad_tensor_new_like(rows, error) : NULL;
    if (y) {
        struct pass r = {.variant = (enum variant)call->op->variant,
                         .from = rows->data,
                         .to = y->data};
        run(&r, y, forward_range);
        call->out[0] = grad_move_dim(y, last, dim, error);
    }
    grad_tensor_release(y);
    grad_tensor_release(rows);
    return call->out[0] != NULL;
}

bool grad_softmax_backward(struct grad_backward *b, struct grad_error *error)
{
    int dim = (int)b->attrs->i[0], ndim = b->in[0]->ndim;
    int last = ndim ? ndim - 1 : 0;
    dim = ndim ? dim : 0;
    struct grad_tensor *y = grad_move_dim(b->out[0], dim, last, error);
    struct grad_tensor *g =
        y ? grad_move_dim(b->gout[0], dim, last, error) : NULL;
    struct grad_tensor *gx = g ? grad_tensor_new_like(g, error) : NULL;
    if (gx) {
        struct pass r = {.variant = (enum variant)b->op->variant,
                         .from = y->data,
                         .g = g->data,
                         .to = gx->data};
        run(&r, gx, backward_range);
        b->gin[0] = grad_move_dim(gx, last, dim, error);
    }
    grad_tensor_release(y);
    grad_tensor_release(g);
    grad_tensor_release(gx);
    return b->gin[0] != NULL;
}
