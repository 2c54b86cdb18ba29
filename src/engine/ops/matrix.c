// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/matrix.h"

#include <math.h>

#include "engine/gemm.h"

enum { MOST = 20000 };

struct grad_tensor *grad_matrix_new(size_t rows, size_t columns,
                                    struct grad_error *error)
{
    size_t shape[2] = {rows, columns};
    return grad_tensor_new(GRAD_FLOAT64, 2, shape, error);
}

struct grad_tensor *grad_vector_new(size_t n, struct grad_error *error)
{
    return grad_tensor_new(GRAD_FLOAT64, 1, &n, error);
}

bool grad_matrix_check(const struct grad_op *op, const struct grad_tensor *x,
                       bool square, struct grad_error *error)
{
    char text[GRAD_SHAPE_TEXT];
    grad_shape_text(text, x->ndim, x->shape);
    if (x->ndim != 2 || (square && x->shape[0] != x->shape[1]))
        return grad_op_fail(op, error, "the input is %s; expected a %s", text,
                            square ? "square matrix (n, n)" : "matrix (m, n)");
    if (x->shape[0] > MOST || x->shape[1] > MOST)
        return grad_op_fail(op, error, "%s is more than %d rows or columns",
                            text, MOST);
    for (size_t i = 0; i < x->numel; i++) {
        if (!isfinite(grad_tensor_get(x, i)))
            return grad_op_fail(op, error,
                                "the matrix holds nan or inf; only finite "
                                "numbers can be decomposed");
    }
    return true;
}

// The transpose of a contiguous float64 matrix, in new memory; NULL for NULL.
struct grad_tensor *grad_matrix_flip(const struct grad_tensor *a,
                                     struct grad_error *error)
{
    if (!a)
        return NULL;
    size_t m = a->shape[0], n = a->shape[1];
    struct grad_tensor *t = grad_matrix_new(n, m, error);
    const double *from = a->data;
    for (size_t j = 0; t && j < n; j++) {
        double *to = (double *)t->data + j * m;
        for (size_t i = 0; i < m; i++)
            to[i] = from[i * n + j];
    }
    return t;
}

struct grad_tensor *grad_matrix_flipped(const struct grad_tensor *x,
                                        struct grad_error *error)
{
    struct grad_tensor *wide = grad_tensor_convert(x, GRAD_FLOAT64, error);
    struct grad_tensor *t = grad_matrix_flip(wide, error);
    grad_tensor_release(wide);
    return t;
}

// Puts result k of the call, in the input's type; takes `t` over.
bool grad_matrix_give(struct grad_call *call, int k, struct grad_tensor *t,
                      struct grad_error *error)
{
    if (!t)
        return false;
    enum grad_dtype dtype = call->in[0]->dtype;
    call->out[k] = dtype == GRAD_FLOAT64 ? grad_tensor_retain(t)
                                         : grad_tensor_convert(t, dtype, error);
    grad_tensor_release(t);
    return call->out[k] != NULL;
}

// --- for gradients -----------------------------------------------------------

struct grad_tensor *grad_matrix_product(const struct grad_tensor *a, bool ta,
                                        const struct grad_tensor *b, bool tb,
                                        struct grad_error *error)
{
    if (!a || !b)
        return NULL;
    size_t m = a->shape[ta], n = b->shape[!tb], k = a->shape[!ta];
    struct grad_tensor *c = grad_matrix_new(m, n, error);
    if (c && !grad_gemm(GRAD_FLOAT64, ta, tb, m, n, k, a->data, a->shape[1],
                        b->data, b->shape[1], false, c->data, n, error)) {
        grad_tensor_release(c);
        return NULL;
    }
    return c;
}

void grad_matrix_add(struct grad_tensor *sum, double by,
                     const struct grad_tensor *a)
{
    double *to = sum->data;
    const double *from = a->data;
    for (size_t i = 0; i < sum->numel; i++)
        to[i] += by * from[i];
}

void grad_matrix_scale(struct grad_tensor *a, const struct grad_tensor *s,
                       bool rows, bool divide)
{
    size_t n = a->shape[1];
    const double *factor = s->data;
    for (size_t i = 0; i < a->numel; i++) {
        double f = factor[rows ? i / n : i % n];
        ((double *)a->data)[i] *= divide ? 1 / f : f;
    }
}

struct grad_tensor *grad_matrix_gout(const struct grad_backward *b, int k,
                                     size_t rows, size_t columns,
                                     struct grad_error *error)
{
    if (b->gout[k])
        return grad_tensor_convert(b->gout[k], GRAD_FLOAT64, error);
    size_t shape[2] = {rows, columns};
    return grad_tensor_full(GRAD_FLOAT64, columns ? 2 : 1, shape, 0, error);
}

bool grad_matrix_give_back(struct grad_backward *b, int k,
                           struct grad_tensor *t, struct grad_error *error)
{
    if (!t)
        return false;
    b->gin[k] = grad_tensor_convert(t, b->in[k]->dtype, error);
    grad_tensor_release(t);
    return b->gin[k] != NULL;
}

bool grad_matrix_keep(struct grad_call *call, int k,
                      const struct grad_tensor *t, struct grad_error *error)
{
    if (!call->records)
        return true;
    call->kept[k] = grad_tensor_clone(t, error);
    return call->kept[k] != NULL;
}
