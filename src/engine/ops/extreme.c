// SPDX-License-Identifier: GPL-3.0-or-later
// Largest and smallest elements, order, running sums and products: reductions
// along one dimension whose result or gradient depends on positions.
#include "engine/ops/ops.h"

#include <math.h>
#include <string.h>

#include "engine/interrupt.h"
#include "engine/memory.h"

// Variants of grad_extreme_forward.
enum { LARGEST = 0, SMALLEST = 1, PLACE_ONLY = 2 };

// One line of x along a dimension: n elements, `step` apart.
struct lines {
    const struct grad_tensor *x;
    size_t n, step, count;
};

static struct lines lines_of(const struct grad_tensor *x, int64_t dim)
{
    struct lines l = {x, x->ndim ? x->shape[dim] : 1, 1, 1};
    for (int d = (int)dim + 1; d < x->ndim; d++)
        l.step *= x->shape[d];
    l.count = l.n ? x->numel / l.n : 0;
    return l;
}

// Place of the first element of line i.
static size_t line_start(const struct lines *l, size_t i)
{
    return i / l->step * l->step * l->n + i % l->step;
}

static struct grad_tensor *new_without(const struct grad_tensor *x,
                                       enum grad_dtype dtype, int64_t dim,
                                       bool keep, struct grad_error *error)
{
    size_t shape[GRAD_MAX_DIMS];
    int n = 0;
    for (int d = 0; d < x->ndim; d++) {
        if (d != dim)
            shape[n++] = x->shape[d];
        else if (keep)
            shape[n++] = 1;
    }
    return grad_tensor_new(dtype, n, shape, error);
}

static size_t best_in_line(const struct lines *l, size_t start, bool smallest)
{
    size_t best = 0;
    double most = grad_tensor_get(l->x, start);
    for (size_t k = 1; k < l->n && !isnan(most); k++) {
        double v = grad_tensor_get(l->x, start + k * l->step);
        if (isnan(v) || (smallest ? v < most : v > most)) {
            most = v;
            best = k;
        }
    }
    return best;
}

static bool check_not_empty(const struct grad_op *op, const struct lines *l,
                            struct grad_error *error)
{
    char text[GRAD_SHAPE_TEXT];
    if (l->n > 0)
        return true;
    return grad_op_fail(op, error,
                        "a dimension of size 0 of %s has no such element",
                        grad_shape_text(text, l->x->ndim, l->x->shape));
}

// Outputs values (unless PLACE_ONLY) and 1-based places along the dimension.
bool grad_extreme_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *x = call->in[0], *places, *values = NULL;
    int64_t dim = call->attrs->i[0];
    bool keep = call->attrs->i[1], only = call->op->variant & PLACE_ONLY;
    struct lines l = lines_of(x, dim);
    if (!check_not_empty(call->op, &l, error))
        return false;
    if (!only)
        call->out[0] = values = new_without(x, x->dtype, dim, keep, error);
    places = new_without(x, GRAD_FLOAT64, dim, keep, error);
    call->out[only ? 0 : 1] = places;
    if (!places || (!only && !values))
        return false;
    for (size_t i = 0; i < l.count; i++) {
        size_t start = line_start(&l, i);
        size_t k = best_in_line(&l, start, call->op->variant & SMALLEST);
        grad_tensor_set(places, i, (double)(k + 1));
        if (values)
            grad_tensor_set(values, i, grad_tensor_get(x, start + k * l.step));
    }
    if (!only)
        call->kept[0] = grad_tensor_retain(places);
    return true;
}

bool grad_extreme_backward(struct grad_backward *b, struct grad_error *error)
{
    const struct grad_tensor *x = b->in[0], *g = b->gout[0];
    struct lines l = lines_of(x, b->attrs->i[0]);
    b->gin[0] = grad_tensor_full(x->dtype, x->ndim, x->shape, 0, error);
    for (size_t i = 0; b->gin[0] && g && i < l.count; i++) {
        size_t k = (size_t)grad_tensor_get(b->kept[0], i) - 1;
        grad_tensor_set(b->gin[0], line_start(&l, i) + k * l.step,
                        grad_tensor_get(g, i));
    }
    return b->gin[0] != NULL;
}

// --- sort
// ------------------------------------------------------------------------

struct entry {
    double value;
    size_t place;
};

// Whether a stands before b, or may: NaN counts as the largest, and equal
// elements keep their order.
static inline bool in_order(double a, double b, bool falling)
{
    if (falling)
        return isnan(a) || !(a < b || isnan(b));
    return isnan(b) || !(a > b || isnan(a));
}

// Merges from[begin, middle) and from[middle, end) into `to`.
static void merge(const struct entry *from, struct entry *to, size_t begin,
                  size_t middle, size_t end, bool falling)
{
    size_t i = begin, j = middle;
    for (size_t k = begin; k < end; k++) {
        bool left =
            j >= end ||
            (i < middle && in_order(from[i].value, from[j].value, falling));
        to[k] = left ? from[i++] : from[j++];
    }
}

// Sorts n entries by merging runs of growing length; `spare` has room for as
// many. Returns where the result lies, or NULL after Ctrl-C.
static struct entry *merge_sort(struct entry *line, struct entry *spare,
                                size_t n, bool falling)
{
    for (size_t run = 1; run < n; run *= 2) {
        for (size_t begin = 0; begin < n; begin += 2 * run) {
            size_t middle = begin + run < n ? begin + run : n;
            size_t end = middle + run < n ? middle + run : n;
            merge(line, spare, begin, middle, end, falling);
            if (grad_interrupt_flag)
                return NULL;
        }
        struct entry *swap = line;
        line = spare;
        spare = swap;
    }
    return line;
}

bool grad_sort_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *x = call->in[0];
    struct lines l = lines_of(x, call->attrs->i[0]);
    struct grad_tensor *values = grad_tensor_new_like(x, error);
    struct grad_tensor *places =
        grad_tensor_new(GRAD_FLOAT64, x->ndim, x->shape, error);
    size_t bytes = 2 * l.n * sizeof(struct entry) + 1;
    struct entry *line = grad_memory_alloc(bytes, error);
    call->out[0] = values;
    call->out[1] = values ? places : NULL;
    if (!values)
        grad_tensor_release(places);
    if (!values || !places || !line) {
        grad_memory_free(line, bytes);
        return false;
    }
    for (size_t i = 0; i < l.count; i++) {
        size_t start = line_start(&l, i);
        for (size_t k = 0; k < l.n; k++)
            line[k] = (struct entry){grad_tensor_get(x, start + k * l.step), k};
        struct entry *sorted =
            merge_sort(line, line + l.n, l.n, call->attrs->i[1]);
        for (size_t k = 0; k < l.n && sorted; k++) {
            grad_tensor_set(values, start + k * l.step, sorted[k].value);
            grad_tensor_set(places, start + k * l.step,
                            (double)(sorted[k].place + 1));
        }
    }
    grad_memory_free(line, bytes);
    call->kept[0] = grad_tensor_retain(places);
    return true;
}

bool grad_sort_backward(struct grad_backward *b, struct grad_error *error)
{
    const struct grad_tensor *x = b->in[0], *g = b->gout[0];
    struct lines l = lines_of(x, b->attrs->i[0]);
    b->gin[0] = grad_tensor_full(x->dtype, x->ndim, x->shape, 0, error);
    for (size_t i = 0; b->gin[0] && g && i < l.count; i++) {
        size_t start = line_start(&l, i);
        for (size_t k = 0; k < l.n; k++) {
            size_t at = start + k * l.step;
            size_t from = (size_t)grad_tensor_get(b->kept[0], at) - 1;
            grad_tensor_set(b->gin[0], start + from * l.step,
                            grad_tensor_get(g, at));
        }
    }
    return b->gin[0] != NULL;
}

// --- cumsum
// ------------------------------------------------------------------------

static void running_sum(const struct lines *l, const struct grad_tensor *x,
                        struct grad_tensor *y, bool backwards)
{
    for (size_t i = 0; i < l->count; i++) {
        size_t start = line_start(l, i);
        double sum = 0;
        for (size_t k = 0; k < l->n; k++) {
            size_t at = start + (backwards ? l->n - 1 - k : k) * l->step;
            sum += grad_tensor_get(x, at);
            grad_tensor_set(y, at, sum);
        }
    }
}

bool grad_cumsum_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *x = call->in[0];
    struct lines l = lines_of(x, call->attrs->i[0]);
    call->out[0] = grad_tensor_new_like(x, error);
    if (call->out[0])
        running_sum(&l, x, call->out[0], false);
    return call->out[0] != NULL;
}

bool grad_cumsum_backward(struct grad_backward *b, struct grad_error *error)
{
    struct lines l = lines_of(b->in[0], b->attrs->i[0]);
    b->gin[0] = grad_tensor_new_like(b->in[0], error);
    if (b->gin[0])
        running_sum(&l, b->gout[0], b->gin[0], true);
    return b->gin[0] != NULL;
}

// --- prod
// --------------------------------------------------------------------------

bool grad_prod_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *x = call->in[0];
    struct lines l = lines_of(x, call->attrs->i[0]);
    struct grad_tensor *y =
        new_without(x, x->dtype, call->attrs->i[0], call->attrs->i[1], error);
    call->out[0] = y;
    for (size_t i = 0; y && i < y->numel; i++) {
        size_t start = l.n ? line_start(&l, i) : 0;
        double product = 1;
        for (size_t k = 0; k < l.n; k++)
            product *= grad_tensor_get(x, start + k * l.step);
        grad_tensor_set(y, i, product);
    }
    return y != NULL;
}

// g times the product of all others: right where some are 0, too.
bool grad_prod_backward(struct grad_backward *b, struct grad_error *error)
{
    const struct grad_tensor *x = b->in[0];
    struct lines l = lines_of(x, b->attrs->i[0]);
    struct grad_tensor *gx = b->gin[0] = grad_tensor_new_like(x, error);
    for (size_t i = 0; gx && i < l.count; i++) {
        size_t start = line_start(&l, i);
        double before = grad_tensor_get(b->gout[0], i), after = 1;
        for (size_t k = 0; k < l.n; k++) {
            grad_tensor_set(gx, start + k * l.step, before);
            before *= grad_tensor_get(x, start + k * l.step);
        }
        for (size_t k = l.n; k-- > 0;) {
            size_t at = start + k * l.step;
            grad_tensor_set(gx, at, grad_tensor_get(gx, at) * after);
            after *= grad_tensor_get(x, at);
        }
    }
    return gx != NULL;
}
