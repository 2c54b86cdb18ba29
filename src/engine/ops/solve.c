// SPDX-License-Identifier: GPL-3.0-or-later
// Systems of equations and inverses, by LAPACK in float64. LAPACK stores
// columns where we store rows: what it sees is the transpose.
#include "engine/ops/matrix.h"

#include "engine/memory.h"

void dgesv_(const int *n, const int *nrhs, double *a, const int *lda, int *ipiv,
            double *b, const int *ldb, int *info);

// a^T and b^T by rows, that is a and b by columns; b becomes the solution.
static bool run_solve(const struct grad_op *op, struct grad_tensor *a,
                      struct grad_tensor *b, struct grad_error *error)
{
    int n = (int)a->shape[0], columns = (int)b->shape[0], info = 0;
    size_t bytes = (size_t)n * sizeof(int) + 1;
    int *pivot = grad_memory_alloc(bytes, error);
    if (!pivot)
        return false;
    if (n > 0 && columns > 0)
        dgesv_(&n, &columns, a->data, &n, pivot, b->data, &n, &info);
    grad_memory_free(pivot, bytes);
    return info == 0 ||
           grad_op_fail(op, error,
                        "the matrix is singular: its rows depend on each "
                        "other (pivot %d is 0)",
                        info);
}

static bool check_sides(const struct grad_op *op, const struct grad_tensor *a,
                        const struct grad_tensor *b, struct grad_error *error)
{
    char ta[GRAD_SHAPE_TEXT], tb[GRAD_SHAPE_TEXT];
    if (!grad_matrix_check(op, a, true, error))
        return false;
    if ((b->ndim == 1 || b->ndim == 2) && b->shape[0] == a->shape[0])
        return true;
    return grad_op_fail(op, error,
                        "a is %s and b is %s; expected (n, n) and (n) or "
                        "(n, k)",
                        grad_shape_text(ta, a->ndim, a->shape),
                        grad_shape_text(tb, b->ndim, b->shape));
}

// The x of a x = b; a (n,n), b (n) or (n,k).
bool grad_solve_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *a = call->in[0], *b = call->in[1];
    if (!check_sides(call->op, a, b, error))
        return false;
    size_t shape[2] = {b->shape[0], b->ndim == 2 ? b->shape[1] : 1};
    struct grad_tensor *view = grad_tensor_reshape(b, 2, shape, error);
    struct grad_tensor *columns = grad_matrix_flipped(a, error);
    struct grad_tensor *sides = view ? grad_matrix_flipped(view, error) : NULL;
    struct grad_tensor *x = NULL;
    if (columns && sides && run_solve(call->op, columns, sides, error))
        x = grad_matrix_flip(sides, error);
    if (x && b->ndim == 1) {
        x->ndim = 1; // (n,1) as (n); ours alone
        x->stride[0] = 1;
    }
    grad_tensor_release(view);
    grad_tensor_release(columns);
    grad_tensor_release(sides);
    return grad_matrix_give(call, 0, x, error);
}

// gb = a^-T g and ga = -gb x^T; x is the output.
bool grad_solve_backward(struct grad_backward *b, struct grad_error *error)
{
    const struct grad_tensor *a = b->in[0], *x = b->out[0];
    size_t n = a->shape[0], k = x->ndim == 2 ? x->shape[1] : 1;
    // What run_solve sees as a^T by rows is a here: it solves with a^T.
    struct grad_tensor *rows = grad_tensor_convert(a, GRAD_FLOAT64, error);
    struct grad_tensor *sides = grad_matrix_new(k, n, error);
    bool ok = rows && sides;
    for (size_t i = 0; ok && i < n * k; i++)
        ((double *)sides->data)[i % k * n + i / k] =
            grad_tensor_get(b->gout[0], i);
    ok = ok && run_solve(b->op, rows, sides, error);
    if (ok && b->needs[1]) {
        b->gin[1] = grad_tensor_new_like(b->in[1], error);
        ok = b->gin[1] != NULL;
        for (size_t i = 0; ok && i < n * k; i++)
            grad_tensor_set(b->gin[1], i,
                            ((double *)sides->data)[i % k * n + i / k]);
    }
    if (ok && b->needs[0]) {
        size_t shape[2] = {n, k};
        struct grad_tensor *wide = grad_tensor_convert(x, GRAD_FLOAT64, error);
        struct grad_tensor *view =
            wide ? grad_tensor_reshape(wide, 2, shape, error) : NULL;
        struct grad_tensor *ga =
            grad_matrix_product(sides, true, view, true, error);
        for (size_t i = 0; ga && i < ga->numel; i++)
            ((double *)ga->data)[i] *= -1;
        grad_tensor_release(view);
        grad_tensor_release(wide);
        ok = grad_matrix_give_back(b, 0, ga, error);
    }
    grad_tensor_release(rows);
    grad_tensor_release(sides);
    return ok;
}

// The x of a x = 1.
bool grad_inverse_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *a = call->in[0];
    if (!grad_matrix_check(call->op, a, true, error))
        return false;
    size_t n = a->shape[0];
    struct grad_tensor *columns = grad_matrix_flipped(a, error);
    struct grad_tensor *one =
        grad_tensor_full(GRAD_FLOAT64, 2, a->shape, 0, error);
    for (size_t i = 0; one && i < n; i++)
        ((double *)one->data)[i * n + i] = 1;
    struct grad_tensor *x = NULL;
    if (columns && one && run_solve(call->op, columns, one, error))
        x = grad_matrix_flip(one, error);
    grad_tensor_release(columns);
    grad_tensor_release(one);
    return grad_matrix_give(call, 0, x, error);
}

// gx = -y^T g y^T; y is the output.
bool grad_inverse_backward(struct grad_backward *b, struct grad_error *error)
{
    struct grad_tensor *y = grad_tensor_convert(b->out[0], GRAD_FLOAT64, error);
    struct grad_tensor *g =
        grad_tensor_convert(b->gout[0], GRAD_FLOAT64, error);
    struct grad_tensor *left = grad_matrix_product(y, true, g, false, error);
    struct grad_tensor *gx = grad_matrix_product(left, false, y, true, error);
    for (size_t i = 0; gx && i < gx->numel; i++)
        ((double *)gx->data)[i] *= -1;
    grad_tensor_release(y);
    grad_tensor_release(g);
    grad_tensor_release(left);
    return grad_matrix_give_back(b, 0, gx, error);
}
