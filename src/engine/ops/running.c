// SPDX-License-Identifier: GPL-3.0-or-later
// Running sums and products along a dimension.
#include "engine/ops/along.h"

struct pass {
    const struct grad_along_kernels *kernels;
    size_t item;
    bool backwards;
    const char *g, *x;
    char *y;
};

static struct pass pass_of(const struct grad_tensor *g,
                           const struct grad_tensor *x, struct grad_tensor *y)
{
    return (struct pass){grad_kernels(x->dtype)->along,
                         grad_dtype_size(x->dtype),
                         false,
                         g ? g->data : NULL,
                         x->data,
                         y->data};
}

// --- cumsum
// ------------------------------------------------------------------------

static void add_up(void *context, const struct grad_lines *l, size_t first,
                   size_t at)
{
    const struct pass *p = context;
    p->kernels->running_sum(l, p->backwards, p->x + at * p->item,
                            p->y + at * p->item);
}

bool grad_cumsum_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *x = call->in[0], *y = grad_tensor_new_like(x, error);
    struct grad_lines l = grad_lines_of(x, call->attrs->i[0]);
    call->out[0] = y;
    if (!y)
        return false;
    struct pass p = pass_of(NULL, x, y);
    grad_along_run(&l, add_up, &p);
    return true;
}

// gx[k] = g[k] + ... + g[n]
bool grad_cumsum_backward(struct grad_backward *b, struct grad_error *error)
{
    struct grad_lines l = grad_lines_of(b->in[0], b->attrs->i[0]);
    b->gin[0] = grad_tensor_new_like(b->in[0], error);
    if (!b->gin[0])
        return false;
    struct pass p = pass_of(NULL, b->gout[0], b->gin[0]);
    p.backwards = true;
    grad_along_run(&l, add_up, &p);
    return true;
}

// --- prod
// --------------------------------------------------------------------------

static void multiply(void *context, const struct grad_lines *l, size_t first,
                     size_t at)
{
    const struct pass *p = context;
    p->kernels->product(l, p->x + at * p->item, p->y + first * p->item);
}

bool grad_prod_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *x = call->in[0];
    struct grad_lines l = grad_lines_of(x, call->attrs->i[0]);
    struct grad_tensor *y = grad_new_without(x, x->dtype, call->attrs->i[0],
                                             call->attrs->i[1], error);
    call->out[0] = y;
    if (!y)
        return false;
    if (l.n == 0) { // the product of nothing
        grad_tensor_fill(y, 1);
        return true;
    }
    struct pass p = pass_of(NULL, x, y);
    grad_along_run(&l, multiply, &p);
    return true;
}

static void multiply_others(void *context, const struct grad_lines *l,
                            size_t first, size_t at)
{
    const struct pass *p = context;
    p->kernels->product_back(l, p->g + first * p->item, p->x + at * p->item,
                             p->y + at * p->item);
}

bool grad_prod_backward(struct grad_backward *b, struct grad_error *error)
{
    struct grad_lines l = grad_lines_of(b->in[0], b->attrs->i[0]);
    b->gin[0] = grad_tensor_new_like(b->in[0], error);
    if (!b->gin[0])
        return false;
    struct pass p = pass_of(b->gout[0], b->in[0], b->gin[0]);
    grad_along_run(&l, multiply_others, &p);
    return true;
}
