// SPDX-License-Identifier: GPL-3.0-or-later
// Decompositions of matrices, by LAPACK, in float64 whatever the input's
// type. LAPACK stores columns where we store rows: what it sees is the
// transpose, and `flip` turns it round where that matters.
#include "engine/ops/ops.h"

#include <math.h>
#include <string.h>

#include "engine/memory.h"

void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a,
             const int *lda, double *w, double *work, const int *lwork,
             int *iwork, const int *liwork, int *info, size_t, size_t);
void dgesdd_(const char *jobz, const int *m, const int *n, double *a,
             const int *lda, double *s, double *u, const int *ldu, double *vt,
             const int *ldvt, double *work, const int *lwork, int *iwork,
             int *info, size_t);
void dgeqrf_(const int *m, const int *n, double *a, const int *lda, double *tau,
             double *work, const int *lwork, int *info);
void dorgqr_(const int *m, const int *n, const int *k, double *a,
             const int *lda, const double *tau, double *work, const int *lwork,
             int *info);
void dgesv_(const int *n, const int *nrhs, double *a, const int *lda, int *ipiv,
            double *b, const int *ldb, int *info);

enum { MOST = 20000 };

// --- matrices
// ------------------------------------------------------------------------

static struct grad_tensor *matrix_new(size_t rows, size_t columns,
                                      struct grad_error *error)
{
    size_t shape[2] = {rows, columns};
    return grad_tensor_new(GRAD_FLOAT64, 2, shape, error);
}

static struct grad_tensor *vector_new(size_t n, struct grad_error *error)
{
    return grad_tensor_new(GRAD_FLOAT64, 1, &n, error);
}

static bool check_matrix(const struct grad_op *op, const struct grad_tensor *x,
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
static struct grad_tensor *flip(const struct grad_tensor *a,
                                struct grad_error *error)
{
    if (!a)
        return NULL;
    size_t m = a->shape[0], n = a->shape[1];
    struct grad_tensor *t = matrix_new(n, m, error);
    const double *from = a->data;
    for (size_t j = 0; t && j < n; j++) {
        double *to = (double *)t->data + j * m;
        for (size_t i = 0; i < m; i++)
            to[i] = from[i * n + j];
    }
    return t;
}

static struct grad_tensor *flipped(const struct grad_tensor *x,
                                   struct grad_error *error)
{
    struct grad_tensor *wide = grad_tensor_convert(x, GRAD_FLOAT64, error);
    struct grad_tensor *t = flip(wide, error);
    grad_tensor_release(wide);
    return t;
}

// Puts result k of the call, in the input's type; takes `t` over.
static bool give(struct grad_call *call, int k, struct grad_tensor *t,
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

static bool no_convergence(const struct grad_op *op, int info,
                           struct grad_error *error)
{
    return info == 0 ||
           grad_op_fail(op, error, "the iteration did not converge (%d)", info);
}

// The sign of a vector of the decomposition is free; ours makes the element
// of largest magnitude positive, so that runs and types agree.
static double sign_of(const double *v, size_t n, size_t step)
{
    double most = 0;
    for (size_t i = 0; i < n; i++) {
        if (fabs(v[i * step]) > fabs(most) * (1 + 1e-9))
            most = v[i * step];
    }
    return most < 0 ? -1 : 1;
}

static void scale_vector(double *v, size_t n, size_t step, double by)
{
    for (size_t i = 0; i < n; i++)
        v[i * step] *= by;
}

// --- symmetric eigenvectors
// --------------------------------------------------------------------

// a (n,n) becomes the eigenvectors, one in each row; w (n) their values.
static bool run_eigh(const struct grad_op *op, struct grad_tensor *a,
                     struct grad_tensor *w, struct grad_error *error)
{
    int n = (int)a->shape[0], info = 0;
    size_t un = (size_t)n;
    int lwork = n < 5000 ? 1 + 6 * n + 2 * n * n : -1, liwork = 3 + 5 * n;
    if (lwork < 0)
        return grad_op_fail(op, error, "at most 5000 rows");
    size_t bytes = (size_t)lwork * sizeof(double) + (size_t)liwork * 4 + 64;
    double *work = grad_memory_alloc(bytes, error);
    if (!work)
        return false;
    if (n > 0)
        dsyevd_("V", "U", &n, a->data, &n, w->data, work, &lwork,
                (int *)(void *)(work + lwork), &liwork, &info, 1, 1);
    grad_memory_free(work, bytes);
    for (size_t i = 0; i < un; i++) {
        double *v = (double *)a->data + i * un;
        scale_vector(v, un, 1, sign_of(v, un, 1));
    }
    return no_convergence(op, info, error);
}

// x (n,n) symmetric = V diag(w) V^T; w ascending, V's columns orthonormal.
bool grad_eigh_forward(struct grad_call *call, struct grad_error *error)
{
    const struct grad_tensor *x = call->in[0];
    if (!check_matrix(call->op, x, true, error))
        return false;
    struct grad_tensor *a = grad_tensor_convert(x, GRAD_FLOAT64, error);
    struct grad_tensor *w = vector_new(x->shape[0], error);
    bool ok = a && w && run_eigh(call->op, a, w, error);
    if (ok)
        ok = give(call, 0, grad_tensor_retain(w), error) &&
             give(call, 1, flip(a, error), error);
    grad_tensor_release(a);
    grad_tensor_release(w);
    return ok;
}

// --- singular values
// ---------------------------------------------------------------------------

struct svd {
    struct grad_tensor *a; // (m,n), overwritten
    struct grad_tensor *u; // (m,k)
    struct grad_tensor *s; // (k)
    struct grad_tensor *v; // (k,n): V^T
};

// LAPACK sees a^T (n,m) = V S U^T.
static bool run_svd(const struct grad_op *op, struct svd *d,
                    struct grad_error *error)
{
    int m = (int)d->a->shape[0], n = (int)d->a->shape[1], info = 0;
    int k = m < n ? m : n, lwork = -1, *iwork;
    double most = 0;
    if (k == 0)
        return true;
    dgesdd_("S", &n, &m, NULL, &n, NULL, NULL, &n, NULL, &k, &most, &lwork,
            &info, &info, 1);
    if (most > 2e9)
        return grad_op_fail(op, error, "the matrix is too large");
    lwork = (int)most;
    size_t bytes = (size_t)lwork * sizeof(double) + (size_t)k * 8 * sizeof(int);
    double *work = grad_memory_alloc(bytes, error);
    if (!work)
        return false;
    iwork = (int *)(void *)(work + lwork);
    dgesdd_("S", &n, &m, d->a->data, &n, d->s->data, d->v->data, &n, d->u->data,
            &k, work, &lwork, iwork, &info, 1);
    grad_memory_free(work, bytes);
    size_t um = (size_t)m, un = (size_t)n, uk = (size_t)k;
    for (size_t i = 0; i < uk; i++) {
        double *u = (double *)d->u->data + i, *v = (double *)d->v->data;
        double sign = sign_of(u, um, uk);
        scale_vector(u, um, uk, sign);
        scale_vector(v + i * un, un, 1, sign);
    }
    return no_convergence(op, info, error);
}

// x (m,n) = U diag(s) V^T, U (m,k), s (k) descending, V (n,k), k = min(m,n).
bool grad_svd_forward(struct grad_call *call, struct grad_error *error)
{
    const struct grad_tensor *x = call->in[0];
    if (!check_matrix(call->op, x, false, error))
        return false;
    size_t m = x->shape[0], n = x->shape[1], k = m < n ? m : n;
    struct svd d = {grad_tensor_convert(x, GRAD_FLOAT64, error),
                    matrix_new(m, k, error), vector_new(k, error),
                    matrix_new(k, n, error)};
    bool ok = d.a && d.u && d.s && d.v && run_svd(call->op, &d, error);
    if (ok)
        ok = give(call, 0, grad_tensor_retain(d.u), error) &&
             give(call, 1, grad_tensor_retain(d.s), error) &&
             give(call, 2, flip(d.v, error), error);
    grad_tensor_release(d.a);
    grad_tensor_release(d.u);
    grad_tensor_release(d.s);
    grad_tensor_release(d.v);
    return ok;
}

// --- Q R
// -----------------------------------------------------------------------------

// The upper triangle of what dgeqrf has left: R (k,n) from columns of m.
static struct grad_tensor *upper(const struct grad_tensor *columns, size_t k,
                                 struct grad_error *error)
{
    size_t n = columns->shape[0], m = columns->shape[1];
    struct grad_tensor *r = matrix_new(k, n, error);
    for (size_t i = 0; r && i < k; i++) {
        for (size_t j = 0; j < n; j++)
            ((double *)r->data)[i * n + j] =
                j < i ? 0 : ((const double *)columns->data)[j * m + i];
    }
    return r;
}

// `columns` (n,m) holds x by columns; its first k become those of Q.
static bool run_qr(struct grad_call *call, struct grad_tensor *columns,
                   struct grad_error *error)
{
    int n = (int)columns->shape[0], m = (int)columns->shape[1], info = 0;
    int k = m < n ? m : n, lwork = 64 * (n > 1 ? n : 1), rows = m > 1 ? m : 1;
    size_t bytes = (size_t)(lwork + k) * sizeof(double);
    double *work = grad_memory_alloc(bytes, error), *tau = work + lwork;
    if (!work)
        return false;
    if (k > 0)
        dgeqrf_(&m, &n, columns->data, &rows, tau, work, &lwork, &info);
    bool ok = give(call, 1, upper(columns, (size_t)k, error), error);
    if (k > 0)
        dorgqr_(&m, &k, &k, columns->data, &rows, tau, work, &lwork, &info);
    grad_memory_free(work, bytes);
    return ok;
}

// x (m,n) = Q R, Q (m,k) with orthonormal columns, R (k,n) upper triangular.
bool grad_qr_forward(struct grad_call *call, struct grad_error *error)
{
    const struct grad_tensor *x = call->in[0];
    if (!check_matrix(call->op, x, false, error))
        return false;
    struct grad_tensor *columns = flipped(x, error);
    bool ok = columns && run_qr(call, columns, error);
    if (ok) {
        size_t m = x->shape[0], n = x->shape[1];
        columns->shape[0] = m < n ? m : n; // Q's columns alone; ours to change
        columns->numel = columns->shape[0] * m;
        ok = give(call, 0, flip(columns, error), error);
    }
    grad_tensor_release(columns);
    return ok;
}

// --- equations
// -----------------------------------------------------------------------------

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
    if (!check_matrix(op, a, true, error))
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
    struct grad_tensor *columns = flipped(a, error);
    struct grad_tensor *sides = view ? flipped(view, error) : NULL;
    struct grad_tensor *x = NULL;
    if (columns && sides && run_solve(call->op, columns, sides, error))
        x = flip(sides, error);
    if (x && b->ndim == 1) {
        x->ndim = 1; // (n,1) as (n); ours alone
        x->stride[0] = 1;
    }
    grad_tensor_release(view);
    grad_tensor_release(columns);
    grad_tensor_release(sides);
    return give(call, 0, x, error);
}

// The x of a x = 1.
bool grad_inverse_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *a = call->in[0];
    if (!check_matrix(call->op, a, true, error))
        return false;
    size_t n = a->shape[0];
    struct grad_tensor *columns = flipped(a, error);
    struct grad_tensor *one =
        grad_tensor_full(GRAD_FLOAT64, 2, a->shape, 0, error);
    for (size_t i = 0; one && i < n; i++)
        ((double *)one->data)[i * n + i] = 1;
    struct grad_tensor *x = NULL;
    if (columns && one && run_solve(call->op, columns, one, error))
        x = flip(one, error);
    grad_tensor_release(columns);
    grad_tensor_release(one);
    return give(call, 0, x, error);
}
