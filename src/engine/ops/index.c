// SPDX-License-Identifier: GPL-3.0-or-later
// Choosing whole positions of a dimension by index, and elements by a mask.
#include "engine/ops/positions.h"

#include <string.h>

#include "engine/loop.h"
#include "engine/thread.h"

// x seen as (before, n, after) around a dimension.
struct around {
    size_t before, n, after;
};

static struct around around_dim(const struct grad_tensor *x, int64_t dim)
{
    struct around r = {1, x->ndim ? x->shape[dim] : 1, 1};
    for (int d = 0; d < x->ndim; d++) {
        if (d < dim)
            r.before *= x->shape[d];
        else if (d > dim)
            r.after *= x->shape[d];
    }
    return r;
}

// --- index_select ------------------------------------------------------------

struct rows {
    const size_t *at;
    size_t n_in, n_out, bytes; // positions of x and y, bytes of a row
    const char *x;
    char *y;
};

static void gather_rows(void *context, size_t begin, size_t end, int part)
{
    const struct rows *r = context;
    for (size_t i = begin; i < end; i++) {
        size_t outer = i / r->n_out, k = i % r->n_out;
        memcpy(r->y + i * r->bytes,
               r->x + (outer * r->n_in + r->at[k]) * r->bytes, r->bytes);
    }
}

bool grad_index_select_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *x = call->in[0], *index = call->in[1];
    int64_t dim = call->attrs->i[0];
    char text[GRAD_SHAPE_TEXT];
    if (x->ndim == 0 || index->ndim > 1)
        return grad_op_fail(call->op, error,
                            "the index is %s; expected one dimension, and x "
                            "to have at least one",
                            grad_shape_text(text, index->ndim, index->shape));
    struct around a = around_dim(x, dim);
    size_t *at = grad_positions(call->op, index, a.n, error);
    size_t shape[GRAD_MAX_DIMS];
    memcpy(shape, x->shape, sizeof shape);
    shape[dim] = index->numel;
    struct grad_tensor *y =
        at ? grad_tensor_new(x->dtype, x->ndim, shape, error) : NULL;
    if (y) {
        struct rows r = {at,           a.n,
                         index->numel, a.after * grad_dtype_size(x->dtype),
                         x->data,      y->data};
        size_t total = a.before * index->numel;
        grad_parallel(total, 131072 / (r.bytes + 1) + 1, gather_rows, &r);
    }
    grad_positions_free(at, index);
    call->out[0] = y;
    return y != NULL;
}

struct scatter {
    const struct grad_kernels *kernels;
    const size_t *at;
    size_t n, n_index, after, item; // positions of x and g, bytes of an element
    const char *g;
    char *gx;
};

// Elements [begin, end) of the (before, after) ones at each position: those of
// g are added in the index's order, whatever the threads.
static void scatter_range(void *context, size_t begin, size_t end, int part)
{
    const struct scatter *s = context;
    while (begin < end) {
        size_t outer = begin / s->after, column = begin % s->after;
        size_t left = s->after - column;
        size_t width = left < end - begin ? left : end - begin;
        for (size_t k = 0; k < s->n_index; k++)
            s->kernels->accumulate(
                width,
                s->g + ((outer * s->n_index + k) * s->after + column) * s->item,
                s->gx +
                    ((outer * s->n + s->at[k]) * s->after + column) * s->item);
        begin += width;
    }
}

bool grad_index_select_backward(struct grad_backward *b,
                                struct grad_error *error)
{
    const struct grad_tensor *x = b->in[0], *index = b->in[1];
    struct around a = around_dim(x, b->attrs->i[0]);
    size_t *at = grad_positions(b->op, index, a.n, error);
    struct grad_tensor *gx = b->gin[0] =
        at ? grad_tensor_full(x->dtype, x->ndim, x->shape, 0, error) : NULL;
    if (gx) {
        struct scatter s = {
            grad_kernels(x->dtype), at,      a.n,
            index->numel,           a.after, grad_dtype_size(x->dtype),
            b->gout[0]->data,       gx->data};
        grad_parallel(a.before * a.after, 16384 / (index->numel + 1) + 16,
                      scatter_range, &s);
    }
    grad_positions_free(at, index);
    return gx != NULL;
}

// --- where -------------------------------------------------------------------

#define WHERE_ROW(NAME, T, M)                                                  \
    static void NAME(void *context, size_t n, char *const *data,               \
                     const ptrdiff_t *stride)                                  \
    {                                                                          \
        T *y = (T *)data[0];                                                   \
        const M *mask = (const M *)data[1];                                    \
        const T *a = (const T *)data[2], *b = (const T *)data[3];              \
        for (size_t i = 0; i < n; i++) {                                       \
            ptrdiff_t k = (ptrdiff_t)i;                                        \
            y[k * stride[0]] = mask[k * stride[1]] != 0 ? a[k * stride[2]]     \
                                                        : b[k * stride[3]];    \
        }                                                                      \
    }

WHERE_ROW(where_ff, float, float)
WHERE_ROW(where_fd, float, double)
WHERE_ROW(where_df, double, float)
WHERE_ROW(where_dd, double, double)

static const grad_loop_row where_rows[2][2] = {{where_ff, where_fd},
                                               {where_df, where_dd}};

static void choose(struct grad_tensor *y, struct grad_tensor *mask,
                   struct grad_tensor *a, struct grad_tensor *b)
{
    struct grad_tensor *operand[] = {y, mask, a, b};
    struct grad_loop loop;
    grad_loop_init(&loop, y->ndim, y->shape, operand, 4);
    grad_loop_run(&loop, 32768, where_rows[y->dtype][mask->dtype], NULL);
}

// mask, a and b broadcast to one shape; y is new.
static struct grad_tensor *broadcast_three(const struct grad_op *op,
                                           struct grad_tensor *const *in,
                                           struct grad_error *error)
{
    struct grad_tensor two = {0};
    size_t shape[GRAD_MAX_DIMS];
    int ndim;
    bool fits = grad_broadcast_shape(in[1], in[2], &ndim, two.shape);
    two.ndim = (uint8_t)ndim;
    fits = fits && grad_broadcast_shape(&two, in[0], &ndim, shape);
    char a[GRAD_SHAPE_TEXT], b[GRAD_SHAPE_TEXT], c[GRAD_SHAPE_TEXT];
    if (fits)
        return grad_tensor_new(in[1]->dtype, ndim, shape, error);
    grad_op_fail(op, error, "shapes %s, %s and %s do not broadcast",
                 grad_shape_text(a, in[0]->ndim, in[0]->shape),
                 grad_shape_text(b, in[1]->ndim, in[1]->shape),
                 grad_shape_text(c, in[2]->ndim, in[2]->shape));
    return NULL;
}

bool grad_where_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *y = broadcast_three(call->op, call->in, error);
    call->out[0] = y;
    if (y)
        choose(y, call->in[0], call->in[1], call->in[2]);
    return y != NULL;
}

bool grad_where_backward(struct grad_backward *b, struct grad_error *error)
{
    struct grad_tensor *g = b->gout[0];
    struct grad_tensor *zero = grad_tensor_full(g->dtype, 0, NULL, 0, error);
    bool ok = zero != NULL;
    for (int k = 1; k < 3 && ok; k++) {
        if (!b->needs[k])
            continue;
        b->gin[k] = grad_tensor_new_like(g, error);
        ok = b->gin[k] != NULL;
        if (ok)
            choose(b->gin[k], b->in[0], k == 1 ? g : zero, k == 1 ? zero : g);
    }
    grad_tensor_release(zero);
    return ok;
}
