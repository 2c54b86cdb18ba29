// SPDX-License-Identifier: GPL-3.0-or-later
// Functions of one element. The formulas stand in kernel/unary.def.
#include "engine/ops/ops.h"

#include "engine/thread.h"

enum { GRAIN = 16384 };

struct pass {
    const struct grad_kernels *kernels;
    int variant;
    size_t item;
    const char *g, *x;
    char *y;
    const double *p;
};

// A choice among the arguments picks one of the formulas that follow the
// row's own.
static int variant_of(const struct grad_op *op, const struct grad_attrs *attrs)
{
    return op->variant + (attrs ? (int)attrs->i[0] : 0);
}

static void forward_range(void *context, size_t begin, size_t end, int part)
{
    const struct pass *r = context;
    size_t skip = begin * r->item;
    r->kernels->unary[r->variant](end - begin, r->x + skip, r->y + skip, r->p);
}

static void backward_range(void *context, size_t begin, size_t end, int part)
{
    const struct pass *r = context;
    size_t skip = begin * r->item;
    r->kernels->unary_back[r->variant](
        end - begin, r->g + skip, r->x ? r->x + skip : NULL, r->y + skip, r->p);
}

bool grad_unary_forward(struct grad_call *call, struct grad_error *error)
{
    const struct grad_tensor *x = call->in[0];
    struct grad_tensor *y = grad_tensor_new_like(x, error);
    if (!y)
        return false;
    struct pass r = {grad_kernels(x->dtype),
                     variant_of(call->op, call->attrs),
                     grad_dtype_size(x->dtype),
                     NULL,
                     x->data,
                     y->data,
                     call->attrs ? call->attrs->f : NULL};
    grad_parallel(x->numel, GRAIN, forward_range, &r);
    call->out[0] = y;
    return true;
}

// gx = g * f'(x), written over g where nobody else holds it.
bool grad_unary_backward(struct grad_backward *b, struct grad_error *error)
{
    const struct grad_tensor *g = b->gout[0];
    const struct grad_tensor *saved =
        b->op->flags & GRAD_SAVE_OUT ? b->out[0] : b->in[0];
    b->gin[0] = grad_backward_buffer(b, 0, error);
    if (!b->gin[0])
        return false;
    struct pass r = {grad_kernels(g->dtype),
                     variant_of(b->op, b->attrs),
                     grad_dtype_size(g->dtype),
                     g->data,
                     saved->data,
                     b->gin[0]->data,
                     b->attrs ? b->attrs->f : NULL};
    grad_parallel(g->numel, GRAIN, backward_range, &r);
    return true;
}
