// SPDX-License-Identifier: GPL-3.0-or-later
// Dimensions swapped, dropped, added and turned round; tensors joined.
#include "engine/ops/ops.h"

#include <string.h>

static bool one_output(struct grad_call *call, struct grad_tensor *out)
{
    call->out[0] = out;
    return out != NULL;
}

static void swap_dims(size_t *shape, ptrdiff_t *stride, int64_t a, int64_t b)
{
    size_t size = shape[a];
    ptrdiff_t step = stride[a];
    shape[a] = shape[b];
    stride[a] = stride[b];
    shape[b] = size;
    stride[b] = step;
}

static struct grad_tensor *transposed(struct grad_tensor *x,
                                      const struct grad_attrs *a,
                                      struct grad_error *error)
{
    size_t shape[GRAD_MAX_DIMS];
    ptrdiff_t stride[GRAD_MAX_DIMS];
    memcpy(shape, x->shape, sizeof shape);
    memcpy(stride, x->stride, sizeof stride);
    if (x->ndim > 0)
        swap_dims(shape, stride, a->i[0], a->i[1]);
    return grad_tensor_view(x, x->ndim, shape, stride, x->data, error);
}

bool grad_transpose_forward(struct grad_call *call, struct grad_error *error)
{
    return one_output(call, transposed(call->in[0], call->attrs, error));
}

bool grad_transpose_backward(struct grad_backward *b, struct grad_error *error)
{
    b->gin[0] = transposed(b->gout[0], b->attrs, error);
    return b->gin[0] != NULL;
}

// --- squeeze and unsqueeze ---------------------------------------------------

bool grad_squeeze_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *x = call->in[0];
    const struct grad_attrs *a = call->attrs;
    size_t shape[GRAD_MAX_DIMS];
    ptrdiff_t stride[GRAD_MAX_DIMS];
    unsigned asked = 0;
    int n = 0;
    for (int k = 0; k < a->count; k++)
        asked |= 1u << a->list[k];
    for (int d = 0; d < x->ndim; d++) {
        if (x->shape[d] == 1 && (a->count < 0 || asked >> d & 1))
            continue;
        shape[n] = x->shape[d];
        stride[n++] = x->stride[d];
    }
    return one_output(call,
                      grad_tensor_view(x, n, shape, stride, x->data, error));
}

bool grad_unsqueeze_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *x = call->in[0];
    int64_t asked = call->attrs->i[0],
            dim = asked > 0 ? asked - 1 : asked + x->ndim + 1;
    size_t shape[GRAD_MAX_DIMS];
    ptrdiff_t stride[GRAD_MAX_DIMS];
    if (x->ndim == GRAD_MAX_DIMS || asked == 0 || dim < 0 || dim > x->ndim)
        return grad_op_fail(call->op, error,
                            "no place %lld in a tensor of %d dimensions",
                            (long long)asked, x->ndim);
    for (int d = 0, from = 0; d <= x->ndim; d++) {
        shape[d] = d == dim ? 1 : x->shape[from];
        stride[d] = d == dim ? 1 : x->stride[from];
        from += d != dim;
    }
    return one_output(
        call, grad_tensor_view(x, x->ndim + 1, shape, stride, x->data, error));
}

// --- flip --------------------------------------------------------------------

static struct grad_tensor *flipped(struct grad_tensor *x,
                                   const struct grad_attrs *a,
                                   struct grad_error *error)
{
    ptrdiff_t stride[GRAD_MAX_DIMS];
    char *data = x->data;
    memcpy(stride, x->stride, sizeof stride);
    for (int k = 0; k < a->count && x->numel > 0; k++) {
        int64_t d = a->list[k];
        data += (ptrdiff_t)(x->shape[d] - 1) * stride[d] *
                (ptrdiff_t)grad_dtype_size(x->dtype);
        stride[d] = -stride[d];
    }
    struct grad_tensor *view =
        grad_tensor_view(x, x->ndim, x->shape, stride, data, error);
    struct grad_tensor *copy = view ? grad_tensor_clone(view, error) : NULL;
    grad_tensor_release(view);
    return copy;
}

bool grad_flip_forward(struct grad_call *call, struct grad_error *error)
{
    return one_output(call, flipped(call->in[0], call->attrs, error));
}

bool grad_flip_backward(struct grad_backward *b, struct grad_error *error)
{
    b->gin[0] = flipped(b->gout[0], b->attrs, error);
    return b->gin[0] != NULL;
}

// --- cat ---------------------------------------------------------------------

static bool check_cat(struct grad_call *call, int64_t dim,
                      struct grad_error *error)
{
    const struct grad_tensor *first = call->in[0];
    for (int k = 1; k < call->n_in; k++) {
        const struct grad_tensor *t = call->in[k];
        bool fits = t->ndim == first->ndim;
        for (int d = 0; d < first->ndim && fits; d++)
            fits = d == dim || t->shape[d] == first->shape[d];
        char a[GRAD_SHAPE_TEXT], b[GRAD_SHAPE_TEXT];
        if (!fits)
            return grad_op_fail(
                call->op, error,
                "tensor %d is %s, the first is %s; they may differ in "
                "dimension %lld only",
                k + 1, grad_shape_text(a, t->ndim, t->shape),
                grad_shape_text(b, first->ndim, first->shape),
                (long long)dim + 1);
    }
    return true;
}

// The part of `whole` that tensor `part` fills, from `at` on along dim.
static struct grad_tensor *piece_of(struct grad_tensor *whole,
                                    const struct grad_tensor *part, int64_t dim,
                                    size_t at, struct grad_error *error)
{
    char *data =
        (char *)whole->data + (ptrdiff_t)at * whole->stride[dim] *
                                  (ptrdiff_t)grad_dtype_size(whole->dtype);
    return grad_tensor_view(whole, whole->ndim, part->shape, whole->stride,
                            data, error);
}

bool grad_cat_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *first = call->in[0];
    int64_t dim = call->attrs->i[0];
    size_t shape[GRAD_MAX_DIMS], at = 0;
    if (first->ndim == 0)
        return grad_op_fail(call->op, error,
                            "single numbers cannot be joined. Hint: stack");
    if (!check_cat(call, dim, error))
        return false;
    memcpy(shape, first->shape, sizeof shape);
    shape[dim] = 0;
    for (int k = 0; k < call->n_in; k++)
        shape[dim] += call->in[k]->shape[dim];
    struct grad_tensor *out =
        grad_tensor_new(first->dtype, first->ndim, shape, error);
    call->out[0] = out;
    for (int k = 0; k < call->n_in && out; k++) {
        struct grad_tensor *piece = piece_of(out, call->in[k], dim, at, error);
        bool copied = piece && grad_tensor_copy(piece, call->in[k], error);
        grad_tensor_release(piece);
        if (!copied)
            return false;
        at += call->in[k]->shape[dim];
    }
    return out != NULL;
}

bool grad_cat_backward(struct grad_backward *b, struct grad_error *error)
{
    int64_t dim = b->attrs->i[0];
    size_t at = 0;
    for (int k = 0; k < b->n_in; k++) {
        if (b->needs[k]) {
            b->gin[k] = piece_of(b->gout[0], b->in[k], dim, at, error);
            if (!b->gin[k])
                return false;
        }
        at += b->in[k]->shape[dim];
    }
    return true;
}
