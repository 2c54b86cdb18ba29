// SPDX-License-Identifier: GPL-3.0-or-later
// One element of each line of x, or several, by their place in the line.
// x (..., N, ...)  index (..., n, ...)  y like index
//
// The line of the index that begins at some coordinates chooses from the line
// of x with the same ones, and from no other: lines are shared out among the
// threads, and gradients are added in the same order however many there are.
#include "engine/ops/positions.h"

#include "engine/thread.h"

struct gather {
    int ndim, dim;
    bool even; // beside the dimension the index is as large as x
    const size_t *x_shape, *shape;
    size_t x_step, step; // between neighbours of a line
    const size_t *at;    // the positions, laid out as the index
    enum grad_dtype dtype;
    const void *from;
    void *to;
};

// Lines of the index side by side: where the first begins there and in x.
struct span {
    size_t width, at, x_at;
};

static struct gather gather_of(const struct grad_tensor *x,
                               const struct grad_tensor *index, int64_t dim)
{
    struct gather g = {.ndim = x->ndim,
                       .dim = (int)dim,
                       .even = true,
                       .x_shape = x->shape,
                       .shape = index->shape,
                       .x_step = 1,
                       .step = 1,
                       .dtype = x->dtype};
    for (int d = (int)dim + 1; d < x->ndim; d++) {
        g.x_step *= x->shape[d];
        g.step *= index->shape[d];
    }
    for (int d = 0; d < x->ndim; d++)
        g.even = g.even && (d == dim || x->shape[d] == index->shape[d]);
    return g;
}

// Line i of the index, with up to `most` that follow it side by side.
static struct span even_span(const struct gather *g, size_t i, size_t most)
{
    size_t block = i / g->step, column = i % g->step;
    size_t left = g->step - column;
    return (struct span){most < left ? most : left,
                         block * g->shape[g->dim] * g->step + column,
                         block * g->x_shape[g->dim] * g->x_step + column};
}

static struct span uneven_span(const struct gather *g, size_t i, size_t most)
{
    struct span s = {1, 0, 0};
    size_t step = 1, x_step = 1;
    for (int d = g->ndim - 1; d >= 0; d--) {
        if (d != g->dim) {
            size_t k = i % g->shape[d];
            if (d == g->ndim - 1)
                s.width = most < g->shape[d] - k ? most : g->shape[d] - k;
            i /= g->shape[d];
            s.at += k * step;
            s.x_at += k * x_step;
        }
        step *= g->shape[d];
        x_step *= g->x_shape[d];
    }
    return s;
}

#define SPANS(T)                                                               \
    static void take_##T(const struct gather *g, const struct span *s)         \
    {                                                                          \
        const T *x = (const T *)g->from + s->x_at;                             \
        T *y = (T *)g->to + s->at;                                             \
        for (size_t k = 0; k < g->shape[g->dim]; k++)                          \
            for (size_t j = 0; j < s->width; j++)                              \
                y[k * g->step + j] =                                           \
                    x[g->at[s->at + k * g->step + j] * g->x_step + j];         \
    }                                                                          \
                                                                               \
    static void give_##T(const struct gather *g, const struct span *s)         \
    {                                                                          \
        const T *gy = (const T *)g->from + s->at;                              \
        T *gx = (T *)g->to + s->x_at;                                          \
        for (size_t k = 0; k < g->shape[g->dim]; k++)                          \
            for (size_t j = 0; j < s->width; j++)                              \
                gx[g->at[s->at + k * g->step + j] * g->x_step + j] +=          \
                    gy[k * g->step + j];                                       \
    }

SPANS(float)
SPANS(double)

typedef void (*span_fn)(const struct gather *g, const struct span *s);

static void for_spans(const struct gather *g, size_t begin, size_t end,
                      span_fn f)
{
    while (begin < end) {
        struct span s =
            (g->even ? even_span : uneven_span)(g, begin, end - begin);
        f(g, &s);
        begin += s.width;
    }
}

static void take_range(void *context, size_t begin, size_t end, int part)
{
    const struct gather *g = context;
    for_spans(g, begin, end,
              g->dtype == GRAD_FLOAT32 ? take_float : take_double);
}

static void give_range(void *context, size_t begin, size_t end, int part)
{
    const struct gather *g = context;
    for_spans(g, begin, end,
              g->dtype == GRAD_FLOAT32 ? give_float : give_double);
}

static void run(const struct gather *g, const struct grad_tensor *index,
                grad_range_fn range)
{
    size_t n = index->shape[g->dim];
    if (index->numel > 0)
        grad_parallel(index->numel / n, 16384 / (n + 1) + 1, range, (void *)g);
}

static bool check_shapes(const struct grad_op *op, const struct grad_tensor *x,
                         const struct grad_tensor *index, int64_t dim,
                         struct grad_error *error)
{
    bool fits = x->ndim == index->ndim && x->ndim > 0;
    char a[GRAD_SHAPE_TEXT], b[GRAD_SHAPE_TEXT];
    for (int d = 0; d < x->ndim && fits; d++)
        fits = d == dim || index->shape[d] <= x->shape[d];
    if (fits)
        return true;
    return grad_op_fail(op, error,
                        "the index is %s and x %s; they must have as many "
                        "dimensions, and the index be no larger beside "
                        "dimension %lld",
                        grad_shape_text(a, index->ndim, index->shape),
                        grad_shape_text(b, x->ndim, x->shape),
                        (long long)dim + 1);
}

bool grad_gather_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *x = call->in[0], *index = call->in[1];
    int64_t dim = call->attrs->i[0];
    if (!check_shapes(call->op, x, index, dim, error))
        return false;
    size_t *at = grad_positions(call->op, index, x->shape[dim], error);
    struct grad_tensor *y = call->out[0] =
        at ? grad_tensor_new(x->dtype, index->ndim, index->shape, error) : NULL;
    if (y) {
        struct gather g = gather_of(x, index, dim);
        g.at = at;
        g.from = x->data;
        g.to = y->data;
        run(&g, index, take_range);
    }
    grad_positions_free(at, index);
    return y != NULL;
}

bool grad_gather_backward(struct grad_backward *b, struct grad_error *error)
{
    struct grad_tensor *x = b->in[0], *index = b->in[1];
    int64_t dim = b->attrs->i[0];
    size_t *at = grad_positions(b->op, index, x->shape[dim], error);
    struct grad_tensor *gx = b->gin[0] =
        at ? grad_tensor_full(x->dtype, x->ndim, x->shape, 0, error) : NULL;
    if (gx) {
        struct gather g = gather_of(x, index, dim);
        g.at = at;
        g.from = b->gout[0]->data;
        g.to = gx->data;
        run(&g, index, give_range);
    }
    grad_positions_free(at, index);
    return gx != NULL;
}
