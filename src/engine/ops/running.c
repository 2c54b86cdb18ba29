// SPDX-License-Identifier: GPL-3.0-or-later
// Running sums and products along a dimension.
#include "engine/memory.h"
#include "engine/thread.h"
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

// --- cumsum ------------------------------------------------------------------

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

// --- prod --------------------------------------------------------------------

static void multiply(void *context, const struct grad_lines *l, size_t first,
                     size_t at)
{
    const struct pass *p = context;
    p->kernels->product(l, p->x + at * p->item, p->y + first * p->item);
}

// A few long lines: each in blocks of one size, so that the result is the same
// for any number of threads.
enum { BLOCK = 65536, LONG_LINES = 8 };

struct blocks {
    const struct pass *pass;
    size_t n, line; // of a line; where the line begins
    double *product;
};

static void multiply_blocks(void *context, size_t begin, size_t end, int part)
{
    const struct blocks *b = context;
    for (size_t i = begin; i < end; i++) {
        size_t rest = b->n - i * BLOCK;
        const char *x = b->pass->x + (b->line + i * BLOCK) * b->pass->item;
        b->product[i] =
            b->pass->kernels->row_product(rest < BLOCK ? rest : BLOCK, x);
    }
}

static bool multiply_long(const struct grad_lines *l, const struct pass *p,
                          struct grad_tensor *y, struct grad_error *error)
{
    size_t count = (l->n + BLOCK - 1) / BLOCK;
    double *product = grad_memory_alloc(count * sizeof *product, error);
    if (!product)
        return false;
    for (size_t line = 0; line < l->lines; line++) {
        struct blocks b = {p, l->n, line * l->n, product};
        grad_parallel(count, 1, multiply_blocks, &b);
        double all = 1;
        for (size_t i = 0; i < count; i++)
            all *= product[i];
        grad_tensor_set(y, line, all);
    }
    grad_memory_free(product, count * sizeof *product);
    return true;
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
    if (l.step == 1 && l.lines < LONG_LINES && l.n >= 2 * BLOCK)
        return multiply_long(&l, &p, y, error);
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
