// SPDX-License-Identifier: GPL-3.0-or-later
// a (..., m, k)  b (..., k, n)  ->  (..., m, n), batches broadcast. A tensor
// of one dimension is a row on the left and a column on the right.
#include "engine/ops/ops.h"

#include <string.h>

#include "engine/gemm.h"

struct product {
    size_t m, k, n, batches;
    int ndim; // of the batch dimensions
    size_t batch[GRAD_MAX_DIMS];
    const struct grad_tensor *a, *b;
};

static bool clash(const struct grad_op *op, const struct grad_tensor *a,
                  const struct grad_tensor *b, const char *why,
                  struct grad_error *error)
{
    char ta[GRAD_SHAPE_TEXT], tb[GRAD_SHAPE_TEXT];
    return grad_op_fail(op, error, "shapes %s and %s: %s",
                        grad_shape_text(ta, a->ndim, a->shape),
                        grad_shape_text(tb, b->ndim, b->shape), why);
}

// The size of t's batch dimension d, counted from the last of `ndim`.
static size_t batch_size(const struct grad_tensor *t, int ndim, int d)
{
    int own = t->ndim - 2 - ndim + d;
    return own < 0 ? 1 : t->shape[own];
}

static bool measure(const struct grad_op *op, const struct grad_tensor *a,
                    const struct grad_tensor *b, struct product *p,
                    struct grad_error *error)
{
    if (a->ndim == 0 || b->ndim == 0)
        return clash(op, a, b, "single numbers have no matrix product. Hint: *",
                     error);
    size_t ka = a->shape[a->ndim - 1];
    size_t kb = b->ndim > 1 ? b->shape[b->ndim - 2] : b->shape[0];
    if (ka != kb)
        return clash(op, a, b,
                     "the last size of the first must equal the last but one "
                     "of the second",
                     error);
    *p = (struct product){.m = a->ndim > 1 ? a->shape[a->ndim - 2] : 1,
                          .k = ka,
                          .n = b->ndim > 1 ? b->shape[b->ndim - 1] : 1,
                          .batches = 1,
                          .a = a,
                          .b = b};
    int da = a->ndim > 2 ? a->ndim - 2 : 0, db = b->ndim > 2 ? b->ndim - 2 : 0;
    p->ndim = da > db ? da : db;
    for (int d = 0; d < p->ndim; d++) {
        size_t na = batch_size(a, p->ndim, d), nb = batch_size(b, p->ndim, d);
        if (na != nb && na != 1 && nb != 1)
            return clash(op, a, b, "the batch sizes do not broadcast", error);
        p->batch[d] = na == 1 ? nb : na;
        p->batches *= p->batch[d];
    }
    return true;
}

// Which matrix of t belongs to batch i.
static size_t matrix_of(const struct product *p, const struct grad_tensor *t,
                        size_t i)
{
    size_t index = 0, step = 1;
    for (int d = p->ndim - 1; d >= 0; d--) {
        size_t size = batch_size(t, p->ndim, d), at = i % p->batch[d];
        i /= p->batch[d];
        index += (size == 1 ? 0 : at) * step;
        step *= size;
    }
    return index;
}

bool grad_matmul_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *a = call->in[0], *b = call->in[1];
    struct product p;
    if (!measure(call->op, a, b, &p, error))
        return false;
    size_t shape[GRAD_MAX_DIMS];
    int n = p.ndim;
    memcpy(shape, p.batch, sizeof shape);
    if (a->ndim > 1)
        shape[n++] = p.m;
    if (b->ndim > 1)
        shape[n++] = p.n;
    struct grad_tensor *y = grad_tensor_new(a->dtype, n, shape, error);
    call->out[0] = y;
    if (!y)
        return false;
    size_t item = grad_dtype_size(a->dtype), rows = p.m;
    if (b->ndim <= 2) { // one matrix for all: one product
        rows *= p.batches;
        p.batches = p.batches ? 1 : 0;
    }
    for (size_t i = 0; i < p.batches; i++) {
        const char *pa =
            (char *)a->data +
            (b->ndim <= 2 ? 0 : matrix_of(&p, a, i)) * p.m * p.k * item;
        const char *pb =
            (char *)b->data +
            (b->ndim <= 2 ? 0 : matrix_of(&p, b, i)) * p.k * p.n * item;
        if (!grad_gemm(a->dtype, false, false, rows, p.n, p.k, pa, p.k, pb, p.n,
                       false, (char *)y->data + i * p.m * p.n * item, p.n,
                       error))
            return false;
    }
    return true;
}

// ga += g b^T and gb += a^T g, batch by batch, into zeros.
bool grad_matmul_backward(struct grad_backward *b, struct grad_error *error)
{
    const struct grad_tensor *g = b->gout[0];
    struct product p;
    size_t item = grad_dtype_size(g->dtype);
    if (!measure(b->op, b->in[0], b->in[1], &p, error))
        return false;
    for (int k = 0; k < 2; k++) {
        if (!b->needs[k])
            continue;
        b->gin[k] = grad_tensor_full(g->dtype, b->in[k]->ndim, b->in[k]->shape,
                                     0, error);
        if (!b->gin[k])
            return false;
    }
    for (size_t i = 0; i < p.batches && p.m && p.n && p.k; i++) {
        const char *pg = (char *)g->data + i * p.m * p.n * item;
        size_t at_a = matrix_of(&p, p.a, i) * p.m * p.k * item;
        size_t at_b = matrix_of(&p, p.b, i) * p.k * p.n * item;
        if (b->needs[0] &&
            !grad_gemm(g->dtype, false, true, p.m, p.k, p.n, pg, p.n,
                       (char *)p.b->data + at_b, p.n, true,
                       (char *)b->gin[0]->data + at_a, p.k, error))
            return false;
        if (b->needs[1] &&
            !grad_gemm(g->dtype, true, false, p.k, p.n, p.m,
                       (char *)p.a->data + at_a, p.k, pg, p.n, true,
                       (char *)b->gin[1]->data + at_b, p.n, error))
            return false;
    }
    return true;
}
