// SPDX-License-Identifier: GPL-3.0-or-later
// Shape and type: operations that look at the same memory in another way.
#include "engine/ops/ops.h"

#include <string.h>

#include "engine/apply.h"
#include "engine/memory.h"

static bool one_output(struct grad_call *call, struct grad_tensor *out)
{
    call->out[0] = out;
    return out != NULL;
}

static bool one_gradient(struct grad_backward *b, struct grad_tensor *g)
{
    b->gin[0] = g;
    return g != NULL;
}

// --- contiguous, clone, to ---------------------------------------------------

// A view rather than x itself: an output is a tensor of its own.
bool grad_contiguous_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *x = call->in[0];
    return one_output(
        call, x->contiguous
                  ? grad_tensor_view(x, x->ndim, x->shape, NULL, x->data, error)
                  : grad_tensor_clone(x, error));
}

bool grad_contiguous_backward(struct grad_backward *b, struct grad_error *error)
{
    return one_gradient(b, grad_tensor_retain(b->gout[0]));
}

bool grad_clone_forward(struct grad_call *call, struct grad_error *error)
{
    return one_output(call, grad_tensor_clone(call->in[0], error));
}

bool grad_to_forward(struct grad_call *call, struct grad_error *error)
{
    enum grad_dtype dtype = (enum grad_dtype)call->attrs->i[0];
    return one_output(call, grad_tensor_convert(call->in[0], dtype, error));
}

bool grad_to_backward(struct grad_backward *b, struct grad_error *error)
{
    return one_gradient(
        b, grad_tensor_convert(b->gout[0], b->in[0]->dtype, error));
}

// --- reshape -----------------------------------------------------------------

bool grad_resolve_sizes(const struct grad_op *op,
                        const struct grad_attrs *attrs,
                        const struct grad_tensor *x, size_t *shape,
                        struct grad_error *error)
{
    char from[GRAD_SHAPE_TEXT], to[GRAD_SHAPE_TEXT];
    size_t known = 1;
    int open = -1;
    for (int d = 0; d < attrs->count; d++) {
        if (attrs->list[d] < -1)
            return grad_op_fail(op, error, "a size cannot be %lld",
                                (long long)attrs->list[d]);
        if (attrs->list[d] == -1 && open >= 0)
            return grad_op_fail(op, error, "only one size can be -1");
        if (attrs->list[d] == -1) {
            open = d;
            continue;
        }
        shape[d] = (size_t)attrs->list[d];
        if (!grad_size_multiply(known, shape[d], &known))
            return grad_op_fail(op, error, "these sizes are too large");
    }
    if (open >= 0)
        shape[open] = known && x->numel % known == 0 ? x->numel / known : 0;
    size_t total = open >= 0 ? known * shape[open] : known;
    if (total == x->numel && (open < 0 || known))
        return true;
    if (open >= 0)
        shape[open] = 0;
    return grad_op_fail(op, error, "shape %s has %zu elements; %s %s",
                        grad_shape_text(from, x->ndim, x->shape), x->numel,
                        open >= 0 ? "no whole number fits for -1 (here 0) in"
                                  : "they do not fit",
                        grad_shape_text(to, attrs->count, shape));
}

bool grad_reshape_forward(struct grad_call *call, struct grad_error *error)
{
    size_t shape[GRAD_MAX_DIMS];
    struct grad_tensor *x = call->in[0];
    if (!grad_resolve_sizes(call->op, call->attrs, x, shape, error))
        return false;
    return one_output(call,
                      grad_tensor_reshape(x, call->attrs->count, shape, error));
}

bool grad_reshape_backward(struct grad_backward *b, struct grad_error *error)
{
    return one_gradient(b, grad_tensor_reshape(b->gout[0], b->in[0]->ndim,
                                               b->in[0]->shape, error));
}

// --- expand ------------------------------------------------------------------

bool grad_expand_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *x = call->in[0];
    const struct grad_attrs *a = call->attrs;
    size_t shape[GRAD_MAX_DIMS];
    ptrdiff_t stride[GRAD_MAX_DIMS];
    for (int d = 0; d < a->count; d++) {
        int own = x->ndim - a->count + d;
        bool kept = own >= 0 &&
                    (a->list[d] == -1 || (size_t)a->list[d] == x->shape[own]);
        char from[GRAD_SHAPE_TEXT];
        if (!kept && (a->list[d] < 0 || (own >= 0 && x->shape[own] != 1)))
            return grad_op_fail(
                call->op, error,
                "shape %s cannot become size %lld in dimension %d. Hint: only "
                "dimensions of size 1 can be repeated",
                grad_shape_text(from, x->ndim, x->shape), (long long)a->list[d],
                d + 1);
        shape[d] = kept ? x->shape[own] : (size_t)a->list[d];
        stride[d] = kept ? x->stride[own] : 0;
    }
    if (a->count < x->ndim)
        return grad_op_fail(call->op, error,
                            "%d sizes for a tensor of %d dimensions", a->count,
                            x->ndim);
    return one_output(
        call, grad_tensor_view(x, a->count, shape, stride, x->data, error));
}

bool grad_expand_backward(struct grad_backward *b, struct grad_error *error)
{
    struct grad_attrs attrs = {.count = b->in[0]->ndim};
    for (int d = 0; d < attrs.count; d++)
        attrs.list[d] = (int64_t)b->in[0]->shape[d];
    return one_gradient(
        b, grad_op_call(GRAD_OP_sum_to, &b->gout[0], 1, &attrs, error));
}

// --- permute -----------------------------------------------------------------

bool grad_permute_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *x = call->in[0];
    const struct grad_attrs *a = call->attrs;
    size_t shape[GRAD_MAX_DIMS];
    ptrdiff_t stride[GRAD_MAX_DIMS];
    unsigned seen = 0;
    for (int d = 0; d < a->count && a->count == x->ndim; d++) {
        shape[d] = x->shape[a->list[d]];
        stride[d] = x->stride[a->list[d]];
        seen |= 1u << a->list[d];
    }
    if (a->count != x->ndim || seen != (1u << x->ndim) - 1)
        return grad_op_fail(call->op, error,
                            "expected each of the %d dimensions once", x->ndim);
    return one_output(
        call, grad_tensor_view(x, x->ndim, shape, stride, x->data, error));
}

bool grad_permute_backward(struct grad_backward *b, struct grad_error *error)
{
    struct grad_tensor *g = b->gout[0];
    size_t shape[GRAD_MAX_DIMS];
    ptrdiff_t stride[GRAD_MAX_DIMS];
    for (int d = 0; d < g->ndim; d++) {
        shape[b->attrs->list[d]] = g->shape[d];
        stride[b->attrs->list[d]] = g->stride[d];
    }
    return one_gradient(
        b, grad_tensor_view(g, g->ndim, shape, stride, g->data, error));
}

// --- select and narrow -------------------------------------------------------

static bool check_index(const struct grad_op *op, const struct grad_tensor *x,
                        int64_t dim, int64_t index, int64_t *from_zero,
                        struct grad_error *error)
{
    int64_t size = (int64_t)x->shape[dim];
    *from_zero = index > 0 ? index - 1 : index + size;
    char text[GRAD_SHAPE_TEXT];
    if (index != 0 && *from_zero >= 0 && *from_zero < size)
        return true;
    return grad_op_fail(
        op, error,
        "index %lld is outside dimension %lld of %s, which "
        "counts from 1 to %lld%s",
        (long long)index, (long long)dim + 1,
        grad_shape_text(text, x->ndim, x->shape), (long long)size,
        index == 0 ? ". Hint: in Lua the first index is 1" : "");
}

static void *at_index(const struct grad_tensor *x, int64_t dim, int64_t index)
{
    return (char *)x->data +
           index * x->stride[dim] * (ptrdiff_t)grad_dtype_size(x->dtype);
}

bool grad_select_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *x = call->in[0];
    int64_t dim = call->attrs->i[0], index;
    if (x->ndim == 0)
        return grad_op_fail(call->op, error,
                            "a single number has no dimension to index");
    if (!check_index(call->op, x, dim, call->attrs->i[1], &index, error))
        return false;
    size_t shape[GRAD_MAX_DIMS];
    ptrdiff_t stride[GRAD_MAX_DIMS];
    for (int d = 0, to = 0; d < x->ndim; d++) {
        if (d == dim)
            continue;
        shape[to] = x->shape[d];
        stride[to++] = x->stride[d];
    }
    return one_output(call, grad_tensor_view(x, x->ndim - 1, shape, stride,
                                             at_index(x, dim, index), error));
}

bool grad_narrow_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *x = call->in[0];
    int64_t dim = call->attrs->i[0], start = 0, length = call->attrs->i[2];
    size_t shape[GRAD_MAX_DIMS];
    if (x->ndim == 0)
        return grad_op_fail(call->op, error,
                            "a single number has no dimension to narrow");
    if (length != 0 &&
        !check_index(call->op, x, dim, call->attrs->i[1], &start, error))
        return false;
    if (length < 0 || start + length > (int64_t)x->shape[dim])
        return grad_op_fail(call->op, error,
                            "%lld positions from %lld on do not fit into "
                            "dimension %lld of size %zu",
                            (long long)length, (long long)start + 1,
                            (long long)dim + 1, x->shape[dim]);
    memcpy(shape, x->shape, x->ndim * sizeof *shape);
    shape[dim] = (size_t)length;
    return one_output(call, grad_tensor_view(x, x->ndim, shape, x->stride,
                                             at_index(x, dim, start), error));
}

// Zeros of x's shape, with g where the forward had looked.
bool grad_slice_backward(struct grad_backward *b, struct grad_error *error)
{
    const struct grad_tensor *x = b->in[0];
    struct grad_tensor *zeros =
        grad_tensor_full(x->dtype, x->ndim, x->shape, 0, error);
    if (!zeros)
        return false;
    b->gin[0] = zeros;
    if (b->gout[0]->numel == 0)
        return true;
    struct grad_tensor *view[GRAD_MAX_OUTPUTS];
    struct grad_call again = {
        .op = b->op, .in = &zeros, .n_in = 1, .attrs = b->attrs, .out = view};
    if (!b->op->forward(&again, error))
        return false;
    bool ok = grad_tensor_copy(view[0], b->gout[0], error);
    grad_tensor_release(view[0]);
    return ok;
}
