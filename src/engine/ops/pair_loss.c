// SPDX-License-Identifier: GPL-3.0-or-later
// Losses of elements and their targets; the formulas stand in
// kernel/pair.def. A mean or sum is taken in the same pass, in pieces whose
// sums are added in order: the same at any number of threads.
#include "engine/ops/ops.h"

#include "engine/kernel/nn.h"
#include "engine/memory.h"
#include "engine/thread.h"

enum { GRAIN = 4, PIECE = 4096 };
enum { MEAN, SUM, NONE, BATCH_MEAN };

struct pass {
    struct grad_pair_loss operands;
    const struct grad_nn_kernels *kernels;
    int kind;
    size_t numel;
    double *sums; // of the pieces
    void *out;
    const void *g;
    bool one;
    bool for_target;
    double scale;
};

// kl_div's targets may be logarithms.
static int kind_of(const struct grad_op *op, const struct grad_attrs *attrs)
{
    return op->variant +
           (op->variant == GRAD_PAIR_kl_div ? (int)attrs->i[1] : 0);
}

static double scale_of(const struct grad_tensor *x, int64_t reduction)
{
    if (reduction == MEAN)
        return 1 / (double)x->numel;
    if (reduction == BATCH_MEAN)
        return 1 / (double)(x->ndim ? x->shape[0] : 1);
    return 1;
}

static bool check(const struct grad_call *call, struct grad_error *error)
{
    const struct grad_tensor *x = call->in[0], *t = call->in[1];
    const struct grad_op *op = call->op;
    char tx[GRAD_SHAPE_TEXT], tt[GRAD_SHAPE_TEXT];
    if (!grad_tensor_same_shape(x, t))
        return grad_op_fail(
            op, error, "input is %s and target is %s; expected equal shapes%s",
            grad_shape_text(tx, x->ndim, x->shape),
            grad_shape_text(tt, t->ndim, t->shape),
            x->numel == t->numel ? ". Hint: reshape one of them; to broadcast "
                                   "would pair every row with every other"
                                 : "");
    if ((op->variant == GRAD_PAIR_smooth_l1 && !(call->attrs->f[0] >= 0)) ||
        (op->variant == GRAD_PAIR_huber && !(call->attrs->f[0] > 0)))
        return grad_op_fail(op, error, "%s is %g; expected a number %s",
                            op->variant == GRAD_PAIR_huber ? "delta" : "beta",
                            call->attrs->f[0],
                            op->variant == GRAD_PAIR_huber ? "above 0"
                                                           : "from 0 up");
    return true;
}

static bool check_unit(const struct grad_op *op, const struct grad_tensor *t,
                       const char *what, struct grad_error *error)
{
    size_t n = grad_kernels(t->dtype)->nn->outside_unit(t->numel, t->data);
    if (n == 0)
        return true;
    return grad_op_fail(op, error,
                        "%zu of %zu %s lie outside 0 to 1. Hint: give "
                        "probabilities (a sigmoid's output), or give the "
                        "scores to binary_cross_entropy_with_logits",
                        n, t->numel, what);
}

// A weight as x's type and shape; a new reference.
static struct grad_tensor *spread(const struct grad_op *op,
                                  struct grad_tensor *w,
                                  const struct grad_tensor *x,
                                  struct grad_error *error)
{
    if (w->dtype == x->dtype && grad_tensor_same_shape(w, x))
        return grad_tensor_contiguous(w, error);
    char tx[GRAD_SHAPE_TEXT], tw[GRAD_SHAPE_TEXT];
    bool fits = w->ndim <= x->ndim;
    for (int d = 1; d <= w->ndim && fits; d++) {
        size_t n = w->shape[w->ndim - d];
        fits = n == 1 || n == x->shape[x->ndim - d];
    }
    if (!fits) {
        grad_op_fail(op, error,
                     "a weight of shape %s does not broadcast to the input, "
                     "%s",
                     grad_shape_text(tw, w->ndim, w->shape),
                     grad_shape_text(tx, x->ndim, x->shape));
        return NULL;
    }
    struct grad_tensor *whole = grad_tensor_new_like(x, error);
    if (whole && !grad_tensor_copy(whole, w, error)) {
        grad_tensor_release(whole);
        return NULL;
    }
    return whole;
}

static void forward_range(void *context, size_t begin, size_t end, int part)
{
    const struct pass *r = context;
    for (size_t piece = begin; piece < end; piece++) {
        size_t from = piece * PIECE, to = from + PIECE;
        r->sums[piece] = r->kernels->pair_loss[r->kind](
            &r->operands, from, to < r->numel ? to : r->numel, r->out);
    }
}

static bool forward_sum(struct pass *r, double *sum, struct grad_error *error)
{
    double few[16];
    size_t pieces = (r->numel + PIECE - 1) / PIECE;
    size_t bytes = pieces * sizeof *r->sums;
    r->sums = pieces <= 16 ? few : grad_memory_alloc(bytes, error);
    if (!r->sums)
        return false;
    grad_parallel(pieces, GRAIN, forward_range, r);
    *sum = 0;
    for (size_t i = 0; i < pieces; i++)
        *sum += r->sums[i];
    if (pieces > 16)
        grad_memory_free(r->sums, bytes);
    return true;
}

static bool keep_weights(struct grad_call *call, struct grad_error *error)
{
    for (int k = 2; k < call->n_in; k++) {
        if (!call->in[k])
            continue;
        call->kept[k - 2] = spread(call->op, call->in[k], call->in[0], error);
        if (!call->kept[k - 2])
            return false;
    }
    return true;
}

static struct grad_pair_loss operands_of(const struct grad_tensor *x,
                                         const struct grad_tensor *t,
                                         struct grad_tensor *const *kept,
                                         const struct grad_attrs *attrs)
{
    return (struct grad_pair_loss){x->data, t->data,
                                   kept[0] ? kept[0]->data : NULL,
                                   kept[1] ? kept[1]->data : NULL, attrs->f[0]};
}

bool grad_pair_loss_forward(struct grad_call *call, struct grad_error *error)
{
    const struct grad_tensor *x = call->in[0], *t = call->in[1];
    if (!check(call, error))
        return false;
    if (call->op->variant == GRAD_PAIR_bce &&
        (!check_unit(call->op, x, "inputs", error) ||
         !check_unit(call->op, t, "targets", error)))
        return false;
    if (!keep_weights(call, error))
        return false;
    int64_t reduction = call->attrs->i[0];
    struct grad_tensor *y = reduction == NONE
                                ? grad_tensor_new_like(x, error)
                                : grad_tensor_new(x->dtype, 0, NULL, error);
    if (!y)
        return false;
    struct pass r = {operands_of(x, t, call->kept, call->attrs),
                     grad_kernels(x->dtype)->nn, kind_of(call->op, call->attrs),
                     x->numel, .out = reduction == NONE ? y->data : NULL};
    double sum;
    if (!forward_sum(&r, &sum, error)) {
        grad_tensor_release(y);
        return false;
    }
    if (reduction != NONE)
        grad_tensor_set(y, 0, sum * scale_of(x, reduction));
    call->out[0] = y;
    return true;
}

static void backward_range(void *context, size_t begin, size_t end, int part)
{
    const struct pass *r = context;
    size_t from = begin * PIECE, to = end * PIECE;
    (r->for_target ? r->kernels->pair_gt : r->kernels->pair_gx)[r->kind](
        &r->operands, from, to < r->numel ? to : r->numel, r->g, r->one,
        r->scale, r->out);
}

bool grad_pair_loss_backward(struct grad_backward *b, struct grad_error *error)
{
    const struct grad_tensor *x = b->in[0];
    for (int k = 0; k < 2; k++) {
        if (!b->needs[k])
            continue;
        b->gin[k] = grad_tensor_new_like(x, error);
        if (!b->gin[k])
            return false;
        struct pass r = {operands_of(x, b->in[1], b->kept, b->attrs),
                         grad_kernels(x->dtype)->nn,
                         kind_of(b->op, b->attrs),
                         x->numel,
                         .out = b->gin[k]->data,
                         .g = b->gout[0]->data,
                         .one = b->attrs->i[0] != NONE,
                         .for_target = k == 1,
                         .scale = scale_of(x, b->attrs->i[0])};
        grad_parallel((x->numel + PIECE - 1) / PIECE, GRAIN, backward_range,
                      &r);
    }
    return true;
}
