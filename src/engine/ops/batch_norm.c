// SPDX-License-Identifier: GPL-3.0-or-later
// Batch normalisation of x (N, C) or (N, C, *): every channel c gets mean 0
// and variance 1 over the batch, then y = xhat w[c] + b[c].
#include "engine/ops/ops.h"

#include <math.h>

#include "engine/kernel/nn.h"
#include "engine/memory.h"
#include "engine/thread.h"

enum { GRAIN = 16384 };
enum { X, RUNNING_MEAN, RUNNING_VAR, WEIGHT, BIAS };

// x as (n, channels, run): with run 1 the channels are columns.
struct norm {
    const struct grad_kernels *all;
    const struct grad_nn_kernels *kernels;
    size_t item, n, channels, run, count;
    bool training;
    double eps;
    double *mean, *rstd; // (channels) each, one behind the other
    double *var;         // (channels), unbiased; while training
    const struct grad_tensor *w, *b;
    const char *x, *g;
    char *y; // or gx; may be NULL in the backward
    struct grad_tensor *gw, *gb;
};

static void norm_init(struct norm *r, const struct grad_tensor *x)
{
    *r = (struct norm){.all = grad_kernels(x->dtype),
                       .kernels = grad_kernels(x->dtype)->nn,
                       .item = grad_dtype_size(x->dtype),
                       .n = x->shape[0],
                       .channels = x->shape[1],
                       .run = 1};
    for (int d = 2; d < x->ndim; d++)
        r->run *= x->shape[d];
    r->count = r->n * r->run;
}

static double value_or(const struct grad_tensor *t, size_t i, double fallback)
{
    return t ? grad_tensor_get(t, i) : fallback;
}

// Columns or channels, by [begin, end) of blocks of them.
static void for_blocks(struct norm *r, grad_range_fn columns,
                       grad_range_fn channels)
{
    size_t blocks = (r->channels + GRAD_COLUMNS - 1) / GRAD_COLUMNS;
    if (r->run == 1)
        grad_parallel(blocks, GRAIN / (r->n * GRAD_COLUMNS + 1) + 1, columns,
                      r);
    else
        grad_parallel(r->channels, GRAIN / (r->count + 1) + 1, channels, r);
}

// --- forward -----------------------------------------------------------------

static void finish_stats(struct norm *r, size_t c, double mean, double squares)
{
    r->mean[c] = mean;
    r->rstd[c] = 1 / sqrt(squares / (double)r->count + r->eps);
    r->var[c] = squares / (double)(r->count - 1);
}

static void forward_columns(void *context, size_t begin, size_t end, int part)
{
    struct norm *r = context;
    for (size_t block = begin; block < end; block++) {
        double squares[GRAD_COLUMNS], scale[GRAD_COLUMNS], shift[GRAD_COLUMNS];
        size_t c = block * GRAD_COLUMNS;
        size_t n =
            r->channels - c < GRAD_COLUMNS ? r->channels - c : GRAD_COLUMNS;
        const char *x = r->x + c * r->item;
        if (r->training)
            r->kernels->column_stats(r->n, n, r->channels, x, r->mean + c,
                                     squares);
        for (size_t i = 0; i < n; i++) {
            if (r->training)
                finish_stats(r, c + i, r->mean[c + i], squares[i]);
            scale[i] = r->rstd[c + i] * value_or(r->w, c + i, 1);
            shift[i] = value_or(r->b, c + i, 0);
        }
        r->kernels->column_apply(r->n, n, r->channels, x, r->mean + c, scale,
                                 shift, r->y + c * r->item);
    }
}

static const char *run_at(const struct norm *r, const char *x, size_t i,
                          size_t c)
{
    return x + (i * r->channels + c) * r->run * r->item;
}

static void channel_stats(struct norm *r, size_t c)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < r->n; i++)
        sum += r->all->sum(r->run, run_at(r, r->x, i, c));
    double mean = sum / (double)r->count;
    for (size_t i = 0; i < r->n; i++)
        squares += r->kernels->run_squares(r->run, run_at(r, r->x, i, c), mean);
    finish_stats(r, c, mean, squares);
}

static void forward_channels(void *context, size_t begin, size_t end, int part)
{
    struct norm *r = context;
    for (size_t c = begin; c < end; c++) {
        if (r->training)
            channel_stats(r, c);
        double scale = r->rstd[c] * value_or(r->w, c, 1);
        double shift = value_or(r->b, c, 0);
        for (size_t i = 0; i < r->n; i++)
            r->kernels->run_apply(r->run, run_at(r, r->x, i, c), r->mean[c],
                                  scale, shift, NULL, NULL,
                                  (char *)run_at(r, r->y, i, c));
    }
}

static bool check(const struct grad_call *call, struct grad_error *error)
{
    static const char *const names[] = {"input", "running_mean", "running_var",
                                        "weight", "bias"};
    const struct grad_tensor *x = call->in[X];
    char text[GRAD_SHAPE_TEXT], other[GRAD_SHAPE_TEXT];
    if (x->ndim < 2)
        return grad_op_fail(call->op, error,
                            "input is %s; expected (N, channels, ...)",
                            grad_shape_text(text, x->ndim, x->shape));
    for (int k = 1; k < call->n_in; k++) {
        const struct grad_tensor *t = call->in[k];
        if (t && (t->ndim != 1 || t->shape[0] != x->shape[1]))
            return grad_op_fail(
                call->op, error,
                "%s is %s; expected (%zu), one for each "
                "channel of an input of shape %s",
                names[k], grad_shape_text(other, t->ndim, t->shape),
                x->shape[1], grad_shape_text(text, x->ndim, x->shape));
    }
    bool training = call->attrs->i[0];
    if (training && x->shape[1] && x->numel / x->shape[1] < 2)
        return grad_op_fail(call->op, error,
                            "input is %s: one value a channel has no "
                            "variance. Hint: train with batches of 2 or more, "
                            "or switch with net:eval()",
                            grad_shape_text(text, x->ndim, x->shape));
    if (!training && (!call->in[RUNNING_MEAN] || !call->in[RUNNING_VAR]))
        return grad_op_fail(call->op, error,
                            "without training = true it needs running_mean "
                            "and running_var");
    return true;
}

// running = (1 - momentum) running + momentum new
static void update_running(struct grad_tensor *running, const double *now,
                           double momentum)
{
    if (!running)
        return;
    for (size_t c = 0; c < running->numel; c++) {
        double before = grad_tensor_get(running, c);
        grad_tensor_set(running, c, before + momentum * (now[c] - before));
    }
    grad_tensor_touch(running);
}

static void use_running(struct norm *r, const struct grad_call *call)
{
    for (size_t c = 0; c < r->channels; c++) {
        r->mean[c] = grad_tensor_get(call->in[RUNNING_MEAN], c);
        double var = grad_tensor_get(call->in[RUNNING_VAR], c);
        r->rstd[c] = 1 / sqrt(var + r->eps);
    }
}

// The running statistics are changed in place, so inputs are not made
// contiguous by the row's flags but here.
bool grad_batch_norm_forward(struct grad_call *call, struct grad_error *error)
{
    if (!check(call, error))
        return false;
    struct grad_tensor *x = grad_tensor_contiguous(call->in[X], error);
    if (!x)
        return false;
    struct norm r;
    norm_init(&r, x);
    size_t shape[2] = {3, r.channels};
    struct grad_tensor *stats = grad_tensor_new(GRAD_FLOAT64, 2, shape, error);
    struct grad_tensor *y = grad_tensor_new_like(x, error);
    if (stats && y) {
        r.mean = stats->data;
        r.rstd = r.mean + r.channels;
        r.var = r.rstd + r.channels;
        r.training = call->attrs->i[0];
        r.eps = call->attrs->f[1];
        r.w = call->in[WEIGHT];
        r.b = call->in[BIAS];
        r.x = x->data;
        r.y = y->data;
        if (!r.training)
            use_running(&r, call);
        for_blocks(&r, forward_columns, forward_channels);
        if (r.training) {
            update_running(call->in[RUNNING_MEAN], r.mean, call->attrs->f[0]);
            update_running(call->in[RUNNING_VAR], r.var, call->attrs->f[0]);
        }
        call->out[0] = grad_tensor_retain(y);
        call->kept[0] = grad_tensor_retain(stats);
    }
    grad_tensor_release(y);
    grad_tensor_release(stats);
    grad_tensor_release(x);
    return call->out[0] != NULL;
}

// --- backward ----------------------------------------------------------------

// With a = sum of g and b = sum of g (x - mean) over a channel of m values:
//   gb = a,  gw = b rstd
//   gx = w rstd (g - a / m - (x - mean) rstd^2 b / m)     while training
//   gx = w rstd g                                         with running ones

static void slopes(struct norm *r, size_t c, double a, double b, double *p,
                   double *q, double *k)
{
    double rstd = r->rstd[c], m = (double)r->count;
    *p = rstd * value_or(r->w, c, 1);
    *q = r->training ? *p * a / m : 0;
    *k = r->training ? *p * rstd * rstd * b / m : 0;
    if (r->gw)
        grad_tensor_set(r->gw, c, b * rstd);
    if (r->gb)
        grad_tensor_set(r->gb, c, a);
}

static void backward_columns(void *context, size_t begin, size_t end, int part)
{
    struct norm *r = context;
    double a[GRAD_COLUMNS], b[GRAD_COLUMNS];
    double p[GRAD_COLUMNS], q[GRAD_COLUMNS], k[GRAD_COLUMNS];
    for (size_t block = begin; block < end; block++) {
        size_t c = block * GRAD_COLUMNS, skip = c * r->item;
        size_t n =
            r->channels - c < GRAD_COLUMNS ? r->channels - c : GRAD_COLUMNS;
        r->kernels->column_sums(r->n, n, r->channels, r->g + skip, r->x + skip,
                                r->mean + c, a, b);
        for (size_t i = 0; i < n; i++)
            slopes(r, c + i, a[i], b[i], &p[i], &q[i], &k[i]);
        if (r->y)
            r->kernels->column_back(r->n, n, r->channels, r->g + skip,
                                    r->x + skip, r->mean + c, p, q, k,
                                    r->y + skip);
    }
}

static void backward_channels(void *context, size_t begin, size_t end, int part)
{
    struct norm *r = context;
    for (size_t c = begin; c < end; c++) {
        double a = 0, b = 0, da, db, pqr[3];
        for (size_t i = 0; i < r->n; i++) {
            r->kernels->run_sums(r->run, run_at(r, r->g, i, c), NULL,
                                 run_at(r, r->x, i, c), r->mean[c], &da, &db);
            a += da;
            b += db;
        }
        slopes(r, c, a, b, &pqr[0], &pqr[1], &pqr[2]);
        for (size_t i = 0; i < r->n && r->y; i++)
            r->kernels->run_back(r->run, run_at(r, r->g, i, c), NULL,
                                 run_at(r, r->x, i, c), r->mean[c], pqr,
                                 (char *)run_at(r, r->y, i, c));
    }
}

static bool make_gradients(struct grad_backward *b, struct grad_error *error)
{
    for (int k = 0; k < b->n_in; k++) {
        if (!b->needs[k])
            continue;
        b->gin[k] = grad_tensor_new_like(b->in[k], error);
        if (!b->gin[k])
            return false;
    }
    return true;
}

bool grad_batch_norm_backward(struct grad_backward *b, struct grad_error *error)
{
    struct grad_tensor *x = grad_tensor_contiguous(b->in[X], error);
    if (!x || !make_gradients(b, error)) {
        grad_tensor_release(x);
        return false;
    }
    struct norm r;
    norm_init(&r, x);
    r.mean = b->kept[0]->data;
    r.rstd = r.mean + r.channels;
    r.training = b->attrs->i[0];
    r.w = b->in[WEIGHT];
    r.x = x->data;
    r.g = b->gout[0]->data;
    r.y = b->gin[X] ? b->gin[X]->data : NULL;
    r.gw = b->gin[WEIGHT];
    r.gb = b->gin[BIAS];
    for_blocks(&r, backward_columns, backward_channels);
    grad_tensor_release(x);
    return true;
}
