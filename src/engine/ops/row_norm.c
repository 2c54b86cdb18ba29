// SPDX-License-Identifier: GPL-3.0-or-later
// Normalisations within one sample: layer norm over the last dimensions,
// group and instance norm over groups of channels. x is seen as (rows, n),
// every row getting mean 0 and variance 1; then come weight and bias, one an
// element (layer norm) or one a channel.
#include "engine/ops/ops.h"

#include <math.h>

#include "engine/kernel/nn.h"
#include "engine/memory.h"
#include "engine/thread.h"

enum { GRAIN = 16384 };
enum variant { LAYER, GROUP, INSTANCE };
enum { X, WEIGHT, BIAS };

struct norm {
    const struct grad_kernels *all;
    const struct grad_nn_kernels *kernels;
    size_t item, rows, n;
    size_t channels, parts, run; // of a sample; a row is parts runs
    bool per_element;
    double eps;
    double *stats; // (rows, 2): mean and rstd
    double *sums;  // (rows, parts, 2): of g and of g (x - mean)
    const struct grad_tensor *w, *b;
    const char *x, *g;
    char *y;
    struct grad_tensor *gw, *gb;
};

static void norm_init(struct norm *r, const struct grad_op *op,
                      const struct grad_attrs *a, const struct grad_tensor *x,
                      const struct grad_tensor *w)
{
    *r = (struct norm){.all = grad_kernels(x->dtype),
                       .kernels = grad_kernels(x->dtype)->nn,
                       .item = grad_dtype_size(x->dtype),
                       .per_element = op->variant == LAYER,
                       .n = 1,
                       .parts = 1,
                       .run = 1,
                       .w = w};
    if (r->per_element) {
        int last = a->count > 0 ? a->count : w ? w->ndim : 1;
        for (int d = x->ndim - last; d < x->ndim; d++)
            r->n *= x->shape[d];
        r->run = r->n;
    } else {
        r->channels = x->shape[1];
        size_t groups = op->variant == INSTANCE ? r->channels : (size_t)a->i[0];
        r->parts = groups ? r->channels / groups : 0;
        for (int d = 2; d < x->ndim; d++)
            r->run *= x->shape[d];
        r->n = r->parts * r->run;
    }
    r->rows = r->n ? x->numel / r->n : 0;
}

static double value_or(const struct grad_tensor *t, size_t i, double fallback)
{
    return t ? grad_tensor_get(t, i) : fallback;
}

static size_t row_grain(const struct norm *r)
{
    return GRAIN / (r->n + 1) + 1;
}

// --- checks ------------------------------------------------------------------

static bool check_parameters(const struct grad_call *call, int ndim,
                             const size_t *shape, struct grad_error *error)
{
    char tx[GRAD_SHAPE_TEXT], tp[GRAD_SHAPE_TEXT], te[GRAD_SHAPE_TEXT];
    const struct grad_tensor *x = call->in[X];
    for (int k = WEIGHT; k <= BIAS; k++) {
        const struct grad_tensor *t = call->in[k];
        bool fits = !t || t->ndim == ndim;
        for (int d = 0; t && fits && d < ndim; d++)
            fits = t->shape[d] == shape[d];
        if (!fits)
            return grad_op_fail(call->op, error,
                                "%s is %s; expected %s for an input of shape "
                                "%s",
                                k == WEIGHT ? "weight" : "bias",
                                grad_shape_text(tp, t->ndim, t->shape),
                                grad_shape_text(te, ndim, shape),
                                grad_shape_text(tx, x->ndim, x->shape));
    }
    return true;
}

static bool check_layer(const struct grad_call *call, struct grad_error *error)
{
    const struct grad_tensor *x = call->in[X], *w = call->in[WEIGHT];
    const struct grad_attrs *a = call->attrs;
    size_t shape[GRAD_MAX_DIMS];
    int last = a->count > 0 ? a->count : w ? w->ndim : 1;
    char tx[GRAD_SHAPE_TEXT], ts[GRAD_SHAPE_TEXT];
    for (int d = 0; d < last; d++)
        shape[d] = a->count > 0 ? (size_t)a->list[d]
                   : w          ? w->shape[d]
                   : x->ndim    ? x->shape[x->ndim - 1]
                                : 1;
    bool fits = last <= x->ndim && last > 0;
    for (int d = 0; d < last && fits; d++)
        fits = shape[d] == x->shape[x->ndim - last + d];
    if (!fits)
        return grad_op_fail(call->op, error,
                            "input is %s; its last dimensions should be %s",
                            grad_shape_text(tx, x->ndim, x->shape),
                            grad_shape_text(ts, last, shape));
    return check_parameters(call, last, shape, error);
}

static bool check_group(const struct grad_call *call, struct grad_error *error)
{
    const struct grad_tensor *x = call->in[X];
    char tx[GRAD_SHAPE_TEXT];
    int64_t groups = call->op->variant == INSTANCE ? 1 : call->attrs->i[0];
    if (x->ndim < 2 || (call->op->variant == INSTANCE && x->ndim < 3))
        return grad_op_fail(call->op, error,
                            "input is %s; expected (N, channels, ...)",
                            grad_shape_text(tx, x->ndim, x->shape));
    if (groups < 1 || x->shape[1] % (size_t)groups)
        return grad_op_fail(call->op, error,
                            "input is %s: its %zu channels do not divide into "
                            "%lld groups",
                            grad_shape_text(tx, x->ndim, x->shape), x->shape[1],
                            (long long)groups);
    return check_parameters(call, 1, &x->shape[1], error);
}

// --- forward -----------------------------------------------------------------

// The channel that part p of a row belongs to.
static size_t channel(const struct norm *r, size_t row, size_t p)
{
    return (row * r->parts + p) % r->channels;
}

static void forward_range(void *context, size_t begin, size_t end, int part)
{
    struct norm *r = context;
    for (size_t row = begin; row < end; row++) {
        const char *x = r->x + row * r->n * r->item;
        char *y = r->y + row * r->n * r->item;
        double mean = r->all->sum(r->n, x) / (double)r->n;
        double squares = r->kernels->run_squares(r->n, x, mean);
        double rstd = 1 / sqrt(squares / (double)r->n + r->eps);
        r->stats[2 * row] = mean;
        r->stats[2 * row + 1] = rstd;
        for (size_t p = 0; p < r->parts; p++) {
            size_t skip = p * r->run * r->item;
            size_t c = r->per_element ? 0 : channel(r, row, p);
            bool vectors = r->per_element;
            r->kernels->run_apply(r->run, x + skip, mean,
                                  rstd * (vectors ? 1 : value_or(r->w, c, 1)),
                                  vectors ? 0 : value_or(r->b, c, 0),
                                  vectors && r->w ? r->w->data : NULL,
                                  vectors && r->b ? r->b->data : NULL,
                                  y + skip);
        }
    }
}

bool grad_row_norm_forward(struct grad_call *call, struct grad_error *error)
{
    const struct grad_tensor *x = call->in[X];
    if (!(call->op->variant == LAYER ? check_layer : check_group)(call, error))
        return false;
    struct norm r;
    norm_init(&r, call->op, call->attrs, x, call->in[WEIGHT]);
    if (call->op->variant == INSTANCE && r.n < 2)
        return grad_op_fail(call->op, error,
                            "one value a channel has no variance");
    size_t shape[2] = {r.rows, 2};
    struct grad_tensor *stats = grad_tensor_new(GRAD_FLOAT64, 2, shape, error);
    struct grad_tensor *y = stats ? grad_tensor_new_like(x, error) : NULL;
    call->kept[0] = stats;
    call->out[0] = y;
    if (!y)
        return false;
    r.stats = stats->data;
    r.eps = call->attrs->f[0];
    r.b = call->in[BIAS];
    r.x = x->data;
    r.y = y->data;
    grad_parallel(r.rows, row_grain(&r), forward_range, &r);
    return true;
}

// --- backward ----------------------------------------------------------------

// With h = g w, a = sum of h and b = sum of h (x - mean) over a row of n:
//   gx = rstd (h - a / n - (x - mean) rstd^2 b / n)
// gw and gb are sums of g (x - mean) rstd and of g over the rows.

static void gx_row(struct norm *r, size_t row)
{
    const double mean = r->stats[2 * row], rstd = r->stats[2 * row + 1];
    const char *w = r->per_element && r->w ? r->w->data : NULL;
    size_t skip = row * r->n * r->item, step = r->run * r->item;
    double *sums = r->sums + row * r->parts * 2, a = 0, b = 0;
    for (size_t p = 0; p < r->parts; p++) {
        double *s = sums + 2 * p;
        r->kernels->run_sums(r->run, r->g + skip + p * step, w,
                             r->x + skip + p * step, mean, &s[0], &s[1]);
        double k = r->per_element ? 1 : value_or(r->w, channel(r, row, p), 1);
        a += k * s[0];
        b += k * s[1];
    }
    for (size_t p = 0; p < r->parts && r->y; p++) {
        double k = r->per_element ? 1 : value_or(r->w, channel(r, row, p), 1);
        double pqr[3] = {rstd * k, rstd * a / (double)r->n,
                         rstd * rstd * rstd * b / (double)r->n};
        r->kernels->run_back(r->run, r->g + skip + p * step, w,
                             r->x + skip + p * step, mean, pqr,
                             r->y + skip + p * step);
    }
}

static void gx_range(void *context, size_t begin, size_t end, int part)
{
    for (size_t row = begin; row < end; row++)
        gx_row(context, row);
}

// Elements [begin, end) of gw and gb, by blocks of columns.
static void element_range(void *context, size_t begin, size_t end, int part)
{
    struct norm *r = context;
    for (size_t block = begin; block < end; block++) {
        size_t c = block * GRAD_COLUMNS, skip = c * r->item;
        size_t n = r->n - c < GRAD_COLUMNS ? r->n - c : GRAD_COLUMNS;
        r->kernels->column_slopes(r->rows, n, r->n, r->g + skip, r->x + skip,
                                  r->stats,
                                  r->gw ? (char *)r->gw->data + skip : NULL,
                                  r->gb ? (char *)r->gb->data + skip : NULL);
    }
}

static void channel_slopes(struct norm *r)
{
    for (size_t c = 0; c < r->channels; c++) {
        double gw = 0, gb = 0;
        for (size_t i = c; i < r->rows * r->parts; i += r->channels) {
            gb += r->sums[2 * i];
            gw += r->sums[2 * i + 1] * r->stats[2 * (i / r->parts) + 1];
        }
        if (r->gw)
            grad_tensor_set(r->gw, c, gw);
        if (r->gb)
            grad_tensor_set(r->gb, c, gb);
    }
}

static void run_backward(struct norm *r)
{
    if (r->y || !r->per_element)
        grad_parallel(r->rows, row_grain(r), gx_range, r);
    if (!r->gw && !r->gb)
        return;
    if (r->per_element)
        grad_parallel((r->n + GRAD_COLUMNS - 1) / GRAD_COLUMNS,
                      GRAIN / (r->rows * GRAD_COLUMNS + 1) + 1, element_range,
                      r);
    else
        channel_slopes(r);
}

bool grad_row_norm_backward(struct grad_backward *b, struct grad_error *error)
{
    const struct grad_tensor *x = b->in[X];
    for (int k = 0; k < b->n_in; k++) {
        if (b->needs[k] && !(b->gin[k] = grad_tensor_new_like(b->in[k], error)))
            return false;
    }
    struct norm r;
    norm_init(&r, b->op, b->attrs, x, b->in[WEIGHT]);
    size_t bytes = r.rows * r.parts * 2 * sizeof *r.sums;
    r.sums = grad_memory_alloc(bytes, error);
    if (!r.sums)
        return false;
    r.stats = b->kept[0]->data;
    r.x = x->data;
    r.g = b->gout[0]->data;
    r.y = b->gin[X] ? b->gin[X]->data : NULL;
    r.gw = b->gin[WEIGHT];
    r.gb = b->gin[BIAS];
    run_backward(&r);
    grad_memory_free(r.sums, bytes);
    return true;
}
