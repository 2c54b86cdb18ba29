// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/copy.h"

#include <string.h>

#include "engine/loop.h"

#define COPY_ROW(NAME, TO, FROM)                                               \
    static void NAME(void *context, size_t n, char *const *data,               \
                     const ptrdiff_t *stride)                                  \
    {                                                                          \
        TO *to = (TO *)data[0];                                                \
        const FROM *from = (const FROM *)data[1];                              \
        ptrdiff_t st = stride[0], sf = stride[1];                              \
        if (st == 1 && sf == 1) {                                              \
            for (size_t i = 0; i < n; i++)                                     \
                to[i] = (TO)from[i];                                           \
            return;                                                            \
        }                                                                      \
        for (size_t i = 0; i < n; i++, to += st, from += sf)                   \
            *to = (TO)*from;                                                   \
    }

COPY_ROW(copy_ff, float, float)
COPY_ROW(copy_fd, float, double)
COPY_ROW(copy_df, double, float)
COPY_ROW(copy_dd, double, double)

static const grad_loop_row copy_rows[2][2] = {{copy_ff, copy_fd},
                                              {copy_df, copy_dd}};

enum { COPY_GRAIN = 32768 };

bool grad_tensor_copy(struct grad_tensor *to, const struct grad_tensor *from,
                      struct grad_error *error)
{
    struct grad_tensor *operand[2] = {to, (struct grad_tensor *)from};
    size_t shape[GRAD_MAX_DIMS];
    int ndim;
    grad_tensor_touch(to);
    if (!grad_broadcast_shape(to, from, &ndim, shape) || ndim != to->ndim ||
        memcmp(shape, to->shape, (size_t)ndim * sizeof *shape)) {
        char a[GRAD_SHAPE_TEXT], b[GRAD_SHAPE_TEXT];
        return grad_fail(error, GRAD_ERROR_ARGUMENT,
                         "copy: cannot put a tensor of shape %s into one of "
                         "shape %s",
                         grad_shape_text(a, from->ndim, from->shape),
                         grad_shape_text(b, to->ndim, to->shape));
    }
    struct grad_loop loop;
    grad_loop_init(&loop, ndim, shape, operand, 2);
    grad_loop_run(&loop, COPY_GRAIN, copy_rows[to->dtype][from->dtype], NULL);
    return true;
}

static void fill_float(void *context, size_t n, char *const *data,
                       const ptrdiff_t *stride)
{
    float value = (float)*(double *)context, *to = (float *)data[0];
    if (stride[0] == 1) {
        for (size_t i = 0; i < n; i++)
            to[i] = value;
        return;
    }
    for (size_t i = 0; i < n; i++, to += stride[0])
        *to = value;
}

static void fill_double(void *context, size_t n, char *const *data,
                        const ptrdiff_t *stride)
{
    double value = *(double *)context, *to = (double *)data[0];
    if (stride[0] == 1) {
        for (size_t i = 0; i < n; i++)
            to[i] = value;
        return;
    }
    for (size_t i = 0; i < n; i++, to += stride[0])
        *to = value;
}

void grad_tensor_fill(struct grad_tensor *t, double value)
{
    struct grad_loop loop;
    grad_tensor_touch(t);
    grad_loop_init(&loop, t->ndim, t->shape, &t, 1);
    grad_loop_run(&loop, COPY_GRAIN,
                  t->dtype == GRAD_FLOAT32 ? fill_float : fill_double, &value);
}

// --- copies ------------------------------------------------------------------

struct grad_tensor *grad_tensor_full(enum grad_dtype dtype, int ndim,
                                     const size_t *shape, double value,
                                     struct grad_error *error)
{
    struct grad_tensor *t = grad_tensor_new(dtype, ndim, shape, error);
    if (t)
        grad_tensor_fill(t, value);
    return t;
}

struct grad_tensor *grad_tensor_convert(const struct grad_tensor *t,
                                        enum grad_dtype dtype,
                                        struct grad_error *error)
{
    struct grad_tensor *copy = grad_tensor_new(dtype, t->ndim, t->shape, error);
    if (copy && !grad_tensor_copy(copy, t, error)) {
        grad_tensor_release(copy);
        return NULL;
    }
    return copy;
}

struct grad_tensor *grad_tensor_clone(const struct grad_tensor *t,
                                      struct grad_error *error)
{
    return grad_tensor_convert(t, t->dtype, error);
}

struct grad_tensor *grad_tensor_contiguous(struct grad_tensor *t,
                                           struct grad_error *error)
{
    return t->contiguous ? grad_tensor_retain(t) : grad_tensor_clone(t, error);
}

// Strides that show t in another shape without copying, where there are any.
static bool view_strides(const struct grad_tensor *t, int ndim,
                         const size_t *shape, ptrdiff_t *stride)
{
    int old = 0;
    for (int d = 0; d < ndim;) {
        while (old < t->ndim && t->shape[old] == 1)
            old++;
        if (shape[d] == 1) {
            stride[d++] = 1;
            continue;
        }
        // Gather old and new dimensions until both hold the same number.
        int old_end = old, new_end = d;
        size_t old_n = t->shape[old_end++], new_n = shape[new_end++];
        while (old_n != new_n) {
            if (old_n < new_n)
                old_n *= t->shape[old_end++];
            else
                new_n *= shape[new_end++];
        }
        for (int k = old; k + 1 < old_end; k++) {
            if (t->stride[k] != (ptrdiff_t)t->shape[k + 1] * t->stride[k + 1])
                return false;
        }
        ptrdiff_t step = t->stride[old_end - 1];
        for (int k = new_end - 1; k >= d; k--) {
            stride[k] = step;
            step *= (ptrdiff_t)shape[k];
        }
        old = old_end;
        d = new_end;
    }
    return true;
}

struct grad_tensor *grad_tensor_reshape(struct grad_tensor *t, int ndim,
                                        const size_t *shape,
                                        struct grad_error *error)
{
    ptrdiff_t stride[GRAD_MAX_DIMS];
    if (t->contiguous)
        return grad_tensor_view(t, ndim, shape, NULL, t->data, error);
    if (view_strides(t, ndim, shape, stride))
        return grad_tensor_view(t, ndim, shape, stride, t->data, error);
    struct grad_tensor *copy = grad_tensor_clone(t, error);
    if (!copy)
        return NULL;
    struct grad_tensor *view =
        grad_tensor_view(copy, ndim, shape, NULL, copy->data, error);
    grad_tensor_release(copy);
    return view;
}
