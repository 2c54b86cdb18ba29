// SPDX-License-Identifier: GPL-3.0-or-later
// DropConnect's product: y = x (w mask)^T + b. The masked weight stands in for
// w in linear's functions, and the mask returns on the way back.
#include "engine/ops/ops.h"

#include <string.h>

#include "engine/apply.h"
#include "engine/autograd.h"

enum { X, WEIGHT, MASK, BIAS };

static struct grad_tensor *times(struct grad_tensor *a, struct grad_tensor *b,
                                 struct grad_error *error)
{
    struct grad_tensor *pair[2] = {a, b};
    bool before = grad_set_recording(false);
    struct grad_tensor *product =
        grad_op_call(GRAD_OP_mul, pair, 2, NULL, error);
    grad_set_recording(before);
    return product;
}

bool grad_masked_linear_forward(struct grad_call *call,
                                struct grad_error *error)
{
    struct grad_tensor *w = call->in[WEIGHT], *mask = call->in[MASK];
    char tw[GRAD_SHAPE_TEXT], tm[GRAD_SHAPE_TEXT];
    if (!grad_tensor_same_shape(w, mask))
        return grad_op_fail(call->op, error,
                            "the mask is %s; expected %s, the weight's shape",
                            grad_shape_text(tm, mask->ndim, mask->shape),
                            grad_shape_text(tw, w->ndim, w->shape));
    struct grad_tensor *own =
        mask->dtype == w->dtype
            ? grad_tensor_retain(mask)
            : grad_tensor_convert(mask, (enum grad_dtype)w->dtype, error);
    call->kept[1] = own;
    call->kept[0] = own ? times(w, own, error) : NULL;
    if (!call->kept[0])
        return false;
    struct grad_tensor *in[3] = {call->in[X], call->kept[0], call->in[BIAS]};
    struct grad_call inner = {
        .op = call->op, .in = in, .n_in = 3, .out = call->out};
    return grad_linear_forward(&inner, error);
}

bool grad_masked_linear_backward(struct grad_backward *b,
                                 struct grad_error *error)
{
    struct grad_tensor *in[3] = {b->in[X], b->kept[0], b->in[BIAS]};
    struct grad_tensor *gin[3] = {NULL};
    bool needs[3] = {b->needs[X], b->needs[WEIGHT], b->needs[BIAS]};
    struct grad_backward inner = *b;
    inner.in = in;
    inner.n_in = 3;
    inner.needs = needs;
    inner.gin = gin;
    bool ok = grad_linear_backward(&inner, error);
    b->gin[X] = gin[0];
    b->gin[BIAS] = gin[2];
    if (ok && gin[1]) {
        b->gin[WEIGHT] = times(gin[1], b->kept[1], error);
        ok = b->gin[WEIGHT] != NULL;
    }
    grad_tensor_release(gin[1]);
    return ok;
}
