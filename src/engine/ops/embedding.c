// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of a table by their number.
// index (*)  weight (n, width)  ->  y (*, width)
#include "engine/ops/ops.h"

#include <string.h>

#include "engine/memory.h"
#include "engine/thread.h"

enum { GRAIN = 16384 };

struct pass {
    const struct grad_kernels *kernels;
    size_t rows, width, item;
    const int32_t *row;
    const char *from;
    char *to;
};

static int32_t *read_rows(const struct grad_op *op,
                          const struct grad_tensor *index, size_t n,
                          struct grad_error *error)
{
    size_t bytes = index->numel * sizeof(int32_t);
    int32_t *row = grad_memory_alloc(bytes, error);
    for (size_t i = 0; row && i < index->numel; i++) {
        double v = grad_tensor_get(index, i);
        if (v >= 1 && v <= (double)n && v == (double)(int32_t)v) {
            row[i] = (int32_t)v - 1;
            continue;
        }
        grad_op_fail(op, error,
                     "index %zu is %g; expected a whole number from 1 to %zu, "
                     "the rows of the weight%s",
                     i + 1, v, n,
                     v == 0 ? ". Hint: in Lua the first is 1" : "");
        grad_memory_free(row, bytes);
        return NULL;
    }
    return row;
}

static void gather_range(void *context, size_t begin, size_t end, int part)
{
    const struct pass *r = context;
    size_t line = r->width * r->item;
    for (size_t i = begin; i < end; i++)
        memcpy(r->to + i * line, r->from + (size_t)r->row[i] * line, line);
}

bool grad_embedding_forward(struct grad_call *call, struct grad_error *error)
{
    const struct grad_tensor *index = call->in[0], *w = call->in[1];
    char text[GRAD_SHAPE_TEXT];
    if (w->ndim != 2 || index->ndim == GRAD_MAX_DIMS)
        return grad_op_fail(call->op, error,
                            "the weight is %s; expected (rows, width)",
                            grad_shape_text(text, w->ndim, w->shape));
    int32_t *row = read_rows(call->op, index, w->shape[0], error);
    if (!row)
        return false;
    size_t shape[GRAD_MAX_DIMS];
    memcpy(shape, index->shape, sizeof shape);
    shape[index->ndim] = w->shape[1];
    struct grad_tensor *y = call->out[0] =
        grad_tensor_new(w->dtype, index->ndim + 1, shape, error);
    if (y) {
        struct pass r = {
            NULL, index->numel, w->shape[1], grad_dtype_size(w->dtype),
            row,  w->data,      y->data};
        grad_parallel(r.rows, GRAIN / (r.width + 1) + 1, gather_range, &r);
    }
    grad_memory_free(row, index->numel * sizeof *row);
    return y != NULL;
}

// Columns [begin, end): rows are added in order, whatever the threads.
static void scatter_range(void *context, size_t begin, size_t end, int part)
{
    const struct pass *r = context;
    for (size_t i = 0; i < r->rows; i++)
        r->kernels->accumulate(
            end - begin, r->from + (i * r->width + begin) * r->item,
            r->to + ((size_t)r->row[i] * r->width + begin) * r->item);
}

bool grad_embedding_backward(struct grad_backward *b, struct grad_error *error)
{
    const struct grad_tensor *index = b->in[0], *w = b->in[1];
    if (!b->needs[1])
        return true;
    struct grad_tensor *gw = b->gin[1] =
        grad_tensor_full(w->dtype, w->ndim, w->shape, 0, error);
    int32_t *row = gw ? read_rows(b->op, index, w->shape[0], error) : NULL;
    if (!row)
        return false;
    struct pass r = {grad_kernels(w->dtype),
                     index->numel,
                     w->shape[1],
                     grad_dtype_size(w->dtype),
                     row,
                     b->gout[0]->data,
                     gw->data};
    grad_parallel(r.width, GRAIN / (r.rows + 1) + 16, scatter_range, &r);
    grad_memory_free(row, index->numel * sizeof *row);
    return true;
}
