// SPDX-License-Identifier: GPL-3.0-or-later
// Choosing elements: by index, by mask, by position in a list. Indices come as
// tensors that count from 1 (or from -1 backwards).
#include "engine/ops/ops.h"

#include <string.h>

#include "engine/loop.h"
#include "engine/memory.h"
#include "engine/thread.h"

// Position k of an index tensor as 0-based below size; false with an error.
static bool index_at(const struct grad_op *op, const struct grad_tensor *index,
                     size_t k, size_t size, size_t *at,
                     struct grad_error *error)
{
    double value = grad_tensor_get(index, k);
    double zero = value < 0 ? value + (double)size : value - 1;
    *at = (size_t)zero;
    if (value != 0 && zero >= 0 && zero < (double)size &&
        (double)(size_t)zero == zero)
        return true;
    return grad_op_fail(op, error,
                        "index %g at place %zu is not a whole number from 1 "
                        "to %zu%s",
                        value, k + 1, size,
                        value == 0 ? ". Hint: in Lua the first index is 1"
                                   : "");
}

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

// --- index_select
// ----------------------------------------------------------------

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

// The positions of an index tensor, checked; grad_memory_free'd by the caller.
static size_t *positions(const struct grad_op *op,
                         const struct grad_tensor *index, size_t size,
                         struct grad_error *error)
{
    size_t *at = grad_memory_alloc(index->numel * sizeof *at + 1, error);
    for (size_t k = 0; at && k < index->numel; k++) {
        if (!index_at(op, index, k, size, &at[k], error)) {
            grad_memory_free(at, index->numel * sizeof *at + 1);
            return NULL;
        }
    }
    return at;
}

static void free_positions(size_t *at, const struct grad_tensor *index)
{
    grad_memory_free(at, index->numel * sizeof *at + 1);
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
    size_t *at = positions(call->op, index, a.n, error);
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
    if (at)
        free_positions(at, index);
    call->out[0] = y;
    return y != NULL;
}

bool grad_index_select_backward(struct grad_backward *b,
                                struct grad_error *error)
{
    const struct grad_tensor *x = b->in[0], *index = b->in[1];
    const struct grad_tensor *g = b->gout[0];
    struct around a = around_dim(x, b->attrs->i[0]);
    size_t *at = positions(b->op, index, a.n, error);
    b->gin[0] =
        at ? grad_tensor_full(x->dtype, x->ndim, x->shape, 0, error) : NULL;
    size_t row = a.after * grad_dtype_size(x->dtype);
    for (size_t o = 0; b->gin[0] && o < a.before; o++) {
        for (size_t k = 0; k < index->numel; k++)
            grad_kernels(x->dtype)->accumulate(
                a.after, (char *)g->data + (o * index->numel + k) * row,
                (char *)b->gin[0]->data + (o * a.n + at[k]) * row);
    }
    if (at)
        free_positions(at, index);
    return b->gin[0] != NULL;
}

// --- gather
// ----------------------------------------------------------------------

// Calls `visit` with the element of x (row-major place) that each element of
// the index tensor names.
static bool each_gathered(const struct grad_op *op, const struct grad_tensor *x,
                          const struct grad_tensor *index, int64_t dim,
                          void (*visit)(void *context, size_t from, size_t to),
                          void *context, struct grad_error *error)
{
    size_t step[GRAD_MAX_DIMS], place = 1;
    for (int d = x->ndim - 1; d >= 0; d--) {
        step[d] = place;
        place *= x->shape[d];
    }
    for (size_t i = 0; i < index->numel; i++) {
        size_t rest = i, from = 0, at;
        if (!index_at(op, index, i, x->shape[dim], &at, error))
            return false;
        for (int d = x->ndim - 1; d >= 0; d--) {
            size_t k = rest % index->shape[d];
            rest /= index->shape[d];
            from += (d == dim ? at : k) * step[d];
        }
        visit(context, from, i);
    }
    return true;
}

struct gathering {
    const struct grad_tensor *from;
    struct grad_tensor *to;
};

static void take(void *context, size_t from, size_t to)
{
    struct gathering *g = context;
    grad_tensor_set(g->to, to, grad_tensor_get(g->from, from));
}

static void give_back(void *context, size_t from, size_t to)
{
    struct gathering *g = context;
    grad_tensor_set(g->to, from,
                    grad_tensor_get(g->to, from) +
                        grad_tensor_get(g->from, to));
}

bool grad_gather_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *x = call->in[0], *index = call->in[1];
    int64_t dim = call->attrs->i[0];
    bool fits = x->ndim == index->ndim && x->ndim > 0;
    char a[GRAD_SHAPE_TEXT], b[GRAD_SHAPE_TEXT];
    for (int d = 0; d < x->ndim && fits; d++)
        fits = d == dim || index->shape[d] <= x->shape[d];
    if (!fits)
        return grad_op_fail(call->op, error,
                            "the index is %s and x %s; they must have as many "
                            "dimensions, and the index be no larger beside "
                            "dimension %lld",
                            grad_shape_text(a, index->ndim, index->shape),
                            grad_shape_text(b, x->ndim, x->shape),
                            (long long)dim + 1);
    struct grad_tensor *y =
        grad_tensor_new(x->dtype, index->ndim, index->shape, error);
    call->out[0] = y;
    struct gathering g = {x, y};
    return y && each_gathered(call->op, x, index, dim, take, &g, error);
}

bool grad_gather_backward(struct grad_backward *b, struct grad_error *error)
{
    const struct grad_tensor *x = b->in[0];
    b->gin[0] = grad_tensor_full(x->dtype, x->ndim, x->shape, 0, error);
    struct gathering g = {b->gout[0], b->gin[0]};
    return b->gin[0] && each_gathered(b->op, x, b->in[1], b->attrs->i[0],
                                      give_back, &g, error);
}

// --- where
// -------------------------------------------------------------------------

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
