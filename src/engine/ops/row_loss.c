// SPDX-License-Identifier: GPL-3.0-or-later
// Losses of rows of scores and a label each: cross-entropy, negative
// log-likelihood, multi-margin. The forward computes the slope as well while
// the row is in the cache, and keeps it for the backward.
#include "engine/ops/ops.h"

#include <math.h>
#include <stdio.h>

#include "engine/kernel/nn.h"
#include "engine/memory.h"
#include "engine/thread.h"

enum { GRAIN = 4096 };
enum { MEAN, SUM, NONE };

// x (rows, n); what belongs to one call of a loss
struct loss {
    struct grad_tensor *x;      // contiguous, classes last
    struct grad_tensor *target; // probabilities likewise, else NULL
    struct grad_tensor *each;   // the loss of each row
    struct grad_tensor *slope;  // of x's layout here
    int32_t *label;
    size_t rows, n;
    double total_weight; // what a mean divides by
    struct grad_row_loss kernel;
    void (*run)(const struct grad_row_loss *loss, size_t begin, size_t end);
};

// --- labels ------------------------------------------------------------------

static bool bad_label(const struct grad_op *op, const struct grad_tensor *t,
                      size_t row, double value, size_t classes,
                      struct grad_error *error)
{
    char where[40] = "the label";
    if (t->ndim > 0)
        snprintf(where, sizeof where, "label %zu", row + 1);
    if (value == 0)
        return grad_op_fail(op, error,
                            "%s is 0, but labels count from 1 to %zu. Hint: "
                            "if yours count from 0, use labels + 1",
                            where, classes);
    return grad_op_fail(op, error,
                        "%s is %g; expected a whole number from 1 to %zu, the "
                        "number of classes%s",
                        where, value, classes,
                        value == (double)classes + 1
                            ? ". Hint: is the last layer one output short?"
                            : "");
}

bool grad_labels_read(const struct grad_op *op,
                      const struct grad_tensor *target, size_t classes,
                      const int64_t *ignored, int32_t *label,
                      struct grad_error *error)
{
    for (size_t i = 0; i < target->numel; i++) {
        double v = target->dtype == GRAD_FLOAT32
                       ? ((const float *)target->data)[i]
                       : ((const double *)target->data)[i];
        if (ignored && v == (double)*ignored) {
            label[i] = -1;
            continue;
        }
        if (!(v >= 1 && v <= (double)classes) || v != floor(v))
            return bad_label(op, target, i, v, classes, error);
        label[i] = (int32_t)v - 1;
    }
    return true;
}

// --- shapes ------------------------------------------------------------------

static int class_dim(const struct grad_tensor *x)
{
    return x->ndim == 1 ? 0 : 1;
}

// Whether the target has the shape of x without its classes.
static bool is_labels(const struct grad_tensor *x, const struct grad_tensor *t)
{
    if (t->ndim != x->ndim - 1)
        return false;
    for (int d = 0; d < t->ndim; d++) {
        if (t->shape[d] != x->shape[d < class_dim(x) ? d : d + 1])
            return false;
    }
    return true;
}

static bool bad_target(const struct grad_op *op, const struct grad_tensor *x,
                       const struct grad_tensor *t, struct grad_error *error)
{
    char tx[GRAD_SHAPE_TEXT], tt[GRAD_SHAPE_TEXT];
    bool column = t->ndim == x->ndim && x->ndim == 2 && t->shape[1] == 1;
    return grad_op_fail(
        op, error, "input is %s and target is %s; expected %s%s",
        grad_shape_text(tx, x->ndim, x->shape),
        grad_shape_text(tt, t->ndim, t->shape),
        x->ndim == 1 ? "one label" : "one label for each row, (N)",
        column ? ". Hint: target:reshape(-1) makes the column a list"
        : op->variant == GRAD_LOSS_CROSS_ENTROPY
            ? ", or probabilities of the input's shape"
            : "");
}

static bool check(const struct grad_op *op, const struct grad_tensor *x,
                  const struct grad_tensor *t, const struct grad_tensor *w,
                  struct grad_error *error)
{
    char text[GRAD_SHAPE_TEXT];
    if (x->ndim == 0)
        return grad_op_fail(op, error,
                            "input is one number; expected (N, classes)");
    size_t n = x->shape[class_dim(x)];
    bool probabilities =
        op->variant == GRAD_LOSS_CROSS_ENTROPY && grad_tensor_same_shape(x, t);
    if (!probabilities && !is_labels(x, t))
        return bad_target(op, x, t, error);
    if (w && (w->ndim != 1 || w->shape[0] != n))
        return grad_op_fail(op, error,
                            "weight is %s; expected (%zu), one for each class",
                            grad_shape_text(text, w->ndim, w->shape), n);
    if (n == 0)
        return grad_op_fail(op, error, "there are no classes");
    return true;
}

// --- one call ----------------------------------------------------------------

static void loss_free(struct loss *l)
{
    grad_tensor_release(l->x);
    grad_tensor_release(l->target);
    grad_tensor_release(l->each);
    grad_tensor_release(l->slope);
    grad_memory_free(l->label, l->rows * sizeof *l->label);
}

static double weight_sum(const struct loss *l, const struct grad_tensor *w)
{
    double sum = 0;
    for (size_t i = 0; i < l->rows; i++) {
        if (l->label[i] >= 0)
            sum += w ? grad_tensor_get(w, (size_t)l->label[i]) : 1;
    }
    return sum;
}

// A data input in the type of x; a new reference, or NULL also where there is
// none.
static struct grad_tensor *as_type(struct grad_tensor *t, enum grad_dtype dtype,
                                   struct grad_error *error)
{
    if (!t || t->dtype == dtype)
        return t ? grad_tensor_retain(t) : NULL;
    return grad_tensor_convert(t, dtype, error);
}

static bool loss_read(struct loss *l, const struct grad_call *call,
                      struct grad_error *error)
{
    struct grad_tensor *x = call->in[0], *t = call->in[1], *w = call->in[2];
    const struct grad_op *op = call->op;
    int last = x->ndim - 1, dim = class_dim(x);
    l->x = grad_move_dim(x, dim, last, error);
    l->n = x->shape[dim];
    l->rows = x->numel / l->n;
    l->total_weight = (double)l->rows;
    if (!l->x)
        return false;
    if (t->ndim == x->ndim) {
        struct grad_tensor *typed = as_type(t, x->dtype, error);
        l->target = typed ? grad_move_dim(typed, dim, last, error) : NULL;
        grad_tensor_release(typed);
        return l->target != NULL;
    }
    l->label = grad_memory_alloc(l->rows * sizeof *l->label, error);
    bool ignores = op->variant != GRAD_LOSS_MULTI_MARGIN;
    if (!l->label ||
        !grad_labels_read(op, t, l->n, ignores ? &call->attrs->i[1] : NULL,
                          l->label, error))
        return false;
    if (ignores)
        l->total_weight = weight_sum(l, w);
    return true;
}

static void run_range(void *context, size_t begin, size_t end, int part)
{
    const struct loss *l = context;
    l->run(&l->kernel, begin, end);
}

// Fills l->each and, where a backward may follow, l->slope.
static bool run(struct loss *l, const struct grad_call *call,
                const struct grad_tensor *w, struct grad_error *error)
{
    const struct grad_attrs *a = call->attrs;
    const struct grad_tensor *x = call->in[0];
    size_t shape[GRAD_MAX_DIMS];
    for (int d = 0; d < x->ndim - 1; d++)
        shape[d] = x->shape[d < class_dim(x) ? d : d + 1];
    l->each = grad_tensor_new(x->dtype, x->ndim - 1, shape, error);
    if (call->records)
        l->slope = grad_tensor_new_like(l->x, error);
    if (!l->each || (call->records && !l->slope))
        return false;
    bool margin = call->op->variant == GRAD_LOSS_MULTI_MARGIN;
    l->kernel = (struct grad_row_loss){
        .n = l->n,
        .x = l->x->data,
        .label = l->label,
        .target = l->target ? l->target->data : NULL,
        .weight = w ? w->data : NULL,
        .smoothing = margin ? 0 : a->f[0],
        .margin = a->f[0],
        .power = (int)a->i[1],
        .scale = a->i[0] == MEAN ? 1 / l->total_weight : 1,
        .loss = l->each->data,
        .slope = l->slope ? l->slope->data : NULL};
    l->run = grad_kernels(x->dtype)->nn->row_loss[call->op->variant];
    grad_parallel(l->rows, GRAIN / l->n + 16, run_range, l);
    return true;
}

static bool check_options(const struct grad_call *call,
                          struct grad_error *error)
{
    const struct grad_attrs *a = call->attrs;
    if (call->op->variant == GRAD_LOSS_CROSS_ENTROPY &&
        !(a->f[0] >= 0 && a->f[0] <= 1))
        return grad_op_fail(call->op, error,
                            "label_smoothing is %g; expected 0 to 1", a->f[0]);
    if (call->op->variant == GRAD_LOSS_MULTI_MARGIN && a->i[1] != 1 &&
        a->i[1] != 2)
        return grad_op_fail(call->op, error, "p is %lld; expected 1 or 2",
                            (long long)a->i[1]);
    return true;
}

bool grad_row_loss_forward(struct grad_call *call, struct grad_error *error)
{
    struct loss l = {0};
    struct grad_tensor *x = call->in[0], *w = NULL;
    if (!check_options(call, error) ||
        !check(call->op, x, call->in[1], call->in[2], error))
        return false;
    bool ok = loss_read(&l, call, error);
    if (ok && call->in[2]) {
        w = as_type(call->in[2], x->dtype, error);
        ok = w != NULL;
    }
    if (ok && run(&l, call, w, error)) {
        double sum = grad_kernels(x->dtype)->sum(l.rows, l.each->data);
        call->out[0] = call->attrs->i[0] == NONE
                           ? grad_tensor_retain(l.each)
                           : grad_tensor_full(x->dtype, 0, NULL,
                                              sum * l.kernel.scale, error);
        call->kept[0] = l.slope ? grad_tensor_retain(l.slope) : NULL;
    }
    grad_tensor_release(w);
    loss_free(&l);
    return call->out[0] != NULL;
}

struct scaling {
    const struct grad_nn_kernels *kernels;
    size_t n, item;
    bool one;
    const char *g, *x;
    char *y;
};

static void scale_range(void *context, size_t begin, size_t end, int part)
{
    const struct scaling *s = context;
    size_t skip = begin * s->n * s->item;
    s->kernels->scale_rows(end - begin, s->n,
                           s->one ? s->g : s->g + begin * s->item, s->one,
                           s->x + skip, s->y + skip);
}

// gx = g slope; the slope is scaled for a mean already. A g of 1, where most
// walks start, costs nothing.
bool grad_row_loss_backward(struct grad_backward *b, struct grad_error *error)
{
    const struct grad_tensor *x = b->in[0], *g = b->gout[0];
    struct grad_tensor *slope = b->kept[0], *rows;
    bool one = b->attrs->i[0] != NONE;
    if (one && grad_tensor_get(g, 0) == 1) {
        rows = grad_tensor_retain(slope);
    } else {
        rows = grad_tensor_new_like(slope, error);
        if (!rows)
            return false;
        struct scaling s = {grad_kernels(x->dtype)->nn,
                            x->shape[class_dim(x)],
                            grad_dtype_size(x->dtype),
                            one,
                            g->data,
                            slope->data,
                            rows->data};
        grad_parallel(x->numel / s.n, GRAIN / s.n + 16, scale_range, &s);
    }
    b->gin[0] = grad_move_dim(rows, x->ndim - 1, class_dim(x), error);
    grad_tensor_release(rows);
    return b->gin[0] != NULL;
}
