// SPDX-License-Identifier: GPL-3.0-or-later
// Functions of two elements, broadcast. The formulas stand in
// kernel/binary.def.
#include "engine/ops/ops.h"

#include <string.h>

#include "engine/loop.h"

enum { GRAIN = 32768 };

struct pass {
    const struct grad_kernels *kernels;
    int variant;
};

static void forward_row(void *context, size_t n, char *const *data,
                        const ptrdiff_t *stride)
{
    const struct pass *r = context;
    r->kernels->binary[r->variant](n, data[1], stride[1], data[2], stride[2],
                                   data[0]);
}

static void ga_row(void *context, size_t n, char *const *data,
                   const ptrdiff_t *stride)
{
    const struct pass *r = context;
    r->kernels->binary_ga[r->variant](n, data[1], data[2], stride[2], data[3],
                                      stride[3], data[0]);
}

static void gb_row(void *context, size_t n, char *const *data,
                   const ptrdiff_t *stride)
{
    const struct pass *r = context;
    r->kernels->binary_gb[r->variant](n, data[1], data[2], stride[2], data[3],
                                      stride[3], data[0]);
}

static bool clash(const struct grad_op *op, const struct grad_tensor *a,
                  const struct grad_tensor *b, struct grad_error *error)
{
    char ta[GRAD_SHAPE_TEXT], tb[GRAD_SHAPE_TEXT];
    for (int d = 1; d <= a->ndim && d <= b->ndim; d++) {
        size_t na = a->shape[a->ndim - d], nb = b->shape[b->ndim - d];
        if (na != nb && na != 1 && nb != 1)
            return grad_op_fail(
                op, error,
                "shapes %s and %s do not broadcast: %zu and %zu clash in "
                "dimension -%d. Hint: sizes must be equal, or one of them 1%s",
                grad_shape_text(ta, a->ndim, a->shape),
                grad_shape_text(tb, b->ndim, b->shape), na, nb, d,
                a->ndim == 2 && b->ndim == 2 && op == grad_op_get(GRAD_OP_mul)
                    ? "; a:matmul(b) multiplies matrices"
                    : "");
    }
    return grad_op_fail(op, error, "shapes do not broadcast");
}

bool grad_binary_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *a = call->in[0], *b = call->in[1], *y;
    struct pass r = {grad_kernels(a->dtype), call->op->variant};
    if (a->contiguous && b->contiguous && grad_tensor_same_shape(a, b)) {
        y = grad_tensor_new_like(a, error);
    } else {
        size_t shape[GRAD_MAX_DIMS];
        int ndim;
        if (!grad_broadcast_shape(a, b, &ndim, shape))
            return clash(call->op, a, b, error);
        y = grad_tensor_new(a->dtype, ndim, shape, error);
    }
    if (!y)
        return false;
    if (y->numel == 1) {
        r.kernels->binary[r.variant](1, a->data, 1, b->data, 1, y->data);
    } else {
        struct grad_tensor *operand[] = {y, a, b};
        struct grad_loop loop;
        grad_loop_init(&loop, y->ndim, y->shape, operand, 3);
        grad_loop_run(&loop, GRAIN, forward_row, &r);
    }
    call->out[0] = y;
    return true;
}

// Whether the formula looks at a and b at all, or the gradient is +-g.
static bool needs_operands(const struct grad_op *op)
{
    return op->flags & GRAD_SAVE_IN0;
}

// Where the gradient for input k goes: over g itself where nobody else holds
// it and this is the last gradient that is made of it.
static struct grad_tensor *room_for(struct grad_backward *b, int k,
                                    struct grad_error *error)
{
    struct grad_tensor *g = b->gout[0];
    bool last = k == 1 || !b->needs[1];
    if (last && grad_tensor_is_exclusive(g))
        return grad_tensor_retain(g);
    return grad_tensor_new_like(g, error);
}

static struct grad_tensor *one_gradient(struct grad_backward *b, int k,
                                        struct grad_error *error)
{
    struct grad_tensor *g = b->gout[0];
    struct pass r = {grad_kernels(g->dtype), b->op->variant};
    if (b->op->variant == GRAD_BINARY_add ||
        (b->op->variant == GRAD_BINARY_sub && k == 0))
        return grad_tensor_retain(g);
    struct grad_tensor *out = room_for(b, k, error);
    if (!out)
        return NULL;
    bool operands = needs_operands(b->op);
    struct grad_tensor *operand[] = {out, g, operands ? b->in[0] : g,
                                     operands ? b->in[1] : g};
    if (out->numel == 1) {
        (k ? r.kernels->binary_gb : r.kernels->binary_ga)[r.variant](
            1, g->data, operand[2]->data, 1, operand[3]->data, 1, out->data);
        return out;
    }
    struct grad_loop loop;
    grad_loop_init(&loop, g->ndim, g->shape, operand, 4);
    grad_loop_run(&loop, GRAIN, k ? gb_row : ga_row, &r);
    return out;
}

bool grad_binary_backward(struct grad_backward *b, struct grad_error *error)
{
    for (int k = 0; k < 2; k++) {
        if (!b->needs[k])
            continue;
        b->gin[k] = one_gradient(b, k, error);
        if (!b->gin[k])
            return false;
    }
    return true;
}
