// SPDX-License-Identifier: GPL-3.0-or-later
// Decompositions of matrices, by LAPACK, in float64 whatever the input's
// type. LAPACK stores columns where we store rows: what it sees is the
// transpose, and `flip` turns it round where that matters.
#include "engine/ops/matrix.h"

#include <cblas.h>
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

// --- symmetric eigenvectors --------------------------------------------------

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
    if (!grad_matrix_check(call->op, x, true, error))
        return false;
    struct grad_tensor *a = grad_tensor_convert(x, GRAD_FLOAT64, error);
    struct grad_tensor *w = grad_vector_new(x->shape[0], error);
    bool ok = a && w && run_eigh(call->op, a, w, error);
    if (ok)
        ok = grad_matrix_keep(call, 0, w, error) &&
             grad_matrix_keep(call, 1, a, error) &&
             grad_matrix_give(call, 0, grad_tensor_retain(w), error) &&
             grad_matrix_give(call, 1, grad_matrix_flip(a, error), error);
    grad_tensor_release(a);
    grad_tensor_release(w);
    return ok;
}

// g becomes V (diag(gw) + F * (V^T gV)) V^T, F_ij = 1 / (w_j - w_i), for the
// whole of x; only the lower triangle was read, so it takes the upper one's
// share too.
static void eigh_slopes(struct grad_tensor *m, const struct grad_tensor *w,
                        const struct grad_tensor *gw)
{
    size_t n = w->numel;
    const double *value = w->data;
    double *k = m->data;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++)
            k[i * n + j] /= value[j] - value[i];
        k[i * n + i] = ((const double *)gw->data)[i];
    }
}

static void fold_down(struct grad_tensor *g)
{
    size_t n = g->shape[0];
    double *x = g->data;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < i; j++) {
            x[i * n + j] += x[j * n + i];
            x[j * n + i] = 0;
        }
    }
}

// kept: w (n) and the eigenvectors by rows, r (n,n) = V^T.
bool grad_eigh_backward(struct grad_backward *b, struct grad_error *error)
{
    const struct grad_tensor *w = b->kept[0], *r = b->kept[1];
    size_t n = w->numel;
    struct grad_tensor *gw = grad_matrix_gout(b, 0, n, 0, error);
    struct grad_tensor *gv = grad_matrix_gout(b, 1, n, n, error);
    struct grad_tensor *m = grad_matrix_product(r, false, gv, false, error);
    if (m && gw)
        eigh_slopes(m, w, gw);
    struct grad_tensor *left =
        gw ? grad_matrix_product(r, true, m, false, error) : NULL;
    struct grad_tensor *g = grad_matrix_product(left, false, r, false, error);
    if (g)
        fold_down(g);
    grad_tensor_release(gw);
    grad_tensor_release(gv);
    grad_tensor_release(m);
    grad_tensor_release(left);
    return grad_matrix_give_back(b, 0, g, error);
}

// --- singular values ---------------------------------------------------------

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
    if (!grad_matrix_check(call->op, x, false, error))
        return false;
    size_t m = x->shape[0], n = x->shape[1], k = m < n ? m : n;
    struct svd d = {grad_tensor_convert(x, GRAD_FLOAT64, error),
                    grad_matrix_new(m, k, error), grad_vector_new(k, error),
                    grad_matrix_new(k, n, error)};
    bool ok = d.a && d.u && d.s && d.v && run_svd(call->op, &d, error);
    if (ok)
        ok = grad_matrix_keep(call, 0, d.u, error) &&
             grad_matrix_keep(call, 1, d.s, error) &&
             grad_matrix_keep(call, 2, d.v, error) &&
             grad_matrix_give(call, 0, grad_tensor_retain(d.u), error) &&
             grad_matrix_give(call, 1, grad_tensor_retain(d.s), error) &&
             grad_matrix_give(call, 2, grad_matrix_flip(d.v, error), error);
    grad_tensor_release(d.a);
    grad_tensor_release(d.u);
    grad_tensor_release(d.s);
    grad_tensor_release(d.v);
    return ok;
}

// F * (p - p^T), F_ij = 1 / (s_j^2 - s_i^2), 0 on the diagonal, in p's place.
static void svd_slopes(struct grad_tensor *p, const struct grad_tensor *s)
{
    size_t n = s->numel;
    const double *value = s->data;
    double *x = p->data;
    for (size_t i = 0; i < n; i++) {
        x[i * n + i] = 0;
        for (size_t j = 0; j < i; j++) {
            double apart = value[j] * value[j] - value[i] * value[i];
            double both = (x[i * n + j] - x[j * n + i]) / apart;
            x[i * n + j] = x[j * n + i] = both;
        }
    }
}

// What g has beside u's columns: g - u (u^T g); u^T g is given. In g's place.
static bool take_off(struct grad_tensor *g, const struct grad_tensor *u,
                     const struct grad_tensor *inside, struct grad_error *error)
{
    struct grad_tensor *along =
        grad_matrix_product(u, false, inside, false, error);
    if (along)
        grad_matrix_add(g, -1, along);
    grad_tensor_release(along);
    return along != NULL;
}

// The middle: F * (P - P^T) S + S F * (Q - Q^T) + diag(gs), P = U^T gU and
// Q = V^T gV; into P's place.
static void svd_middle(struct grad_tensor *p, struct grad_tensor *q,
                       const struct grad_tensor *s,
                       const struct grad_tensor *gs)
{
    svd_slopes(p, s);
    svd_slopes(q, s);
    grad_matrix_scale(p, s, false, false);
    grad_matrix_scale(q, s, true, false);
    grad_matrix_add(p, 1, q);
    for (size_t i = 0; i < s->numel; i++)
        ((double *)p->data)[i * s->numel + i] += ((double *)gs->data)[i];
}

// gx = U middle V^T + (1 - U U^T) gU S^-1 V^T + U S^-1 gV^T (1 - V V^T).
// kept: u (m,k), s (k), v (k,n) = V^T.
bool grad_svd_backward(struct grad_backward *b, struct grad_error *error)
{
    const struct grad_tensor *u = b->kept[0], *s = b->kept[1], *v = b->kept[2];
    size_t m = u->shape[0], k = s->numel, n = v->shape[1];
    struct grad_tensor *gu = grad_matrix_gout(b, 0, m, k, error);
    struct grad_tensor *gs = grad_matrix_gout(b, 1, k, 0, error);
    struct grad_tensor *gv = grad_matrix_gout(b, 2, n, k, error);
    struct grad_tensor *p = grad_matrix_product(u, true, gu, false, error);
    struct grad_tensor *q = grad_matrix_product(v, false, gv, false, error);
    struct grad_tensor *vt = grad_matrix_flip(v, error);
    struct grad_tensor *gx = NULL, *left = NULL, *right = NULL;
    bool ok = p && q && gs && vt && take_off(gu, u, p, error) &&
              take_off(gv, vt, q, error);
    if (ok) {
        svd_middle(p, q, s, gs);
        grad_matrix_scale(gu, s, false, true);
        grad_matrix_scale(gv, s, false, true);
        left = grad_matrix_product(u, false, p, false, error);
        if (left)
            grad_matrix_add(left, 1, gu);
        gx = grad_matrix_product(left, false, v, false, error);
        right = grad_matrix_product(u, false, gv, true, error);
        if (gx && right)
            grad_matrix_add(gx, 1, right);
        ok = right != NULL;
    }
    struct grad_tensor *own[] = {gu, gs, gv, p, q, vt, left, right};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        grad_tensor_release(own[i]);
    if (!ok)
        grad_tensor_release(gx);
    return ok && grad_matrix_give_back(b, 0, gx, error);
}

// --- Q R ---------------------------------------------------------------------

// The upper triangle of what dgeqrf has left: R (k,n) from columns of m.
static struct grad_tensor *upper(const struct grad_tensor *columns, size_t k,
                                 struct grad_error *error)
{
    size_t n = columns->shape[0], m = columns->shape[1];
    struct grad_tensor *r = grad_matrix_new(k, n, error);
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
    struct grad_tensor *r = upper(columns, (size_t)k, error);
    bool ok = r && grad_matrix_keep(call, 1, r, error);
    ok = grad_matrix_give(call, 1, r, error) && ok;
    if (k > 0)
        dorgqr_(&m, &k, &k, columns->data, &rows, tau, work, &lwork, &info);
    grad_memory_free(work, bytes);
    return ok;
}

// x (m,n) = Q R, Q (m,k) with orthonormal columns, R (k,n) upper triangular.
bool grad_qr_forward(struct grad_call *call, struct grad_error *error)
{
    const struct grad_tensor *x = call->in[0];
    if (!grad_matrix_check(call->op, x, false, error))
        return false;
    struct grad_tensor *columns = grad_matrix_flipped(x, error);
    bool ok = columns && run_qr(call, columns, error);
    if (ok) {
        size_t m = x->shape[0], n = x->shape[1];
        columns->shape[0] = m < n ? m : n; // Q's columns alone; ours to change
        columns->numel = columns->shape[0] * m;
        struct grad_tensor *q = grad_matrix_flip(columns, error);
        ok = q && grad_matrix_keep(call, 0, q, error);
        ok = grad_matrix_give(call, 0, q, error) && ok;
    }
    grad_tensor_release(columns);
    return ok;
}

// tril(m) and, above the diagonal, its mirror image.
static void mirror_lower(struct grad_tensor *m)
{
    size_t n = m->shape[0];
    double *x = m->data;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < i; j++)
            x[j * n + i] = x[i * n + j];
    }
}

// Columns [from, to) of a matrix.
static struct grad_tensor *columns_of(const struct grad_tensor *a, size_t from,
                                      size_t to, struct grad_error *error)
{
    size_t n = a->shape[1], width = to - from;
    struct grad_tensor *part = grad_matrix_new(a->shape[0], width, error);
    for (size_t i = 0; part && i < a->shape[0]; i++)
        memcpy((double *)part->data + i * width,
               (const double *)a->data + i * n + from, width * sizeof(double));
    return part;
}

// (gq + q mirror(r gr^T - gq^T q)) r^-T for square r; into gq's place.
static bool qr_square(struct grad_tensor *gq, const struct grad_tensor *q,
                      const struct grad_tensor *r, const struct grad_tensor *gr,
                      struct grad_error *error)
{
    struct grad_tensor *m = grad_matrix_product(r, false, gr, true, error);
    struct grad_tensor *qq = grad_matrix_product(gq, true, q, false, error);
    struct grad_tensor *side = NULL;
    if (m && qq) {
        grad_matrix_add(m, -1, qq);
        mirror_lower(m);
        side = grad_matrix_product(q, false, m, false, error);
    }
    if (side && side->numel > 0) {
        int rows = (int)q->shape[0], k = (int)r->shape[0];
        grad_matrix_add(gq, 1, side);
        cblas_dtrsm(CblasRowMajor, CblasRight, CblasUpper, CblasTrans,
                    CblasNonUnit, rows, k, 1, r->data, k, gq->data, k);
    }
    grad_tensor_release(m);
    grad_tensor_release(qq);
    grad_tensor_release(side);
    return side != NULL;
}

// gx (m,n) whose first k columns are `left` and whose others are `right`.
static struct grad_tensor *beside(const struct grad_tensor *left,
                                  const struct grad_tensor *right,
                                  struct grad_error *error)
{
    size_t k = left->shape[1], rest = right->shape[1], n = k + rest;
    struct grad_tensor *x = grad_matrix_new(left->shape[0], n, error);
    for (size_t i = 0; x && i < left->shape[0]; i++) {
        double *row = (double *)x->data + i * n;
        memcpy(row, (double *)left->data + i * k, k * sizeof *row);
        memcpy(row + k, (double *)right->data + i * rest, rest * sizeof *row);
    }
    return x;
}

// With more columns than rows, x = (x1 | y), r = (r1 | v) and y = q v: q's
// gradient takes y gv^T, and y's own is q gv. kept: q (m,k), r (k,n).
bool grad_qr_backward(struct grad_backward *b, struct grad_error *error)
{
    const struct grad_tensor *q = b->kept[0], *r = b->kept[1];
    size_t m = q->shape[0], k = q->shape[1], n = r->shape[1];
    struct grad_tensor *x = grad_tensor_convert(b->in[0], GRAD_FLOAT64, error);
    struct grad_tensor *gq = grad_matrix_gout(b, 0, m, k, error);
    struct grad_tensor *gr = grad_matrix_gout(b, 1, k, n, error);
    struct grad_tensor *part[4] = {NULL}, *gx = NULL;
    bool ok = x && gq && gr;
    if (ok) {
        part[0] = columns_of(r, 0, k, error);
        part[1] = columns_of(gr, 0, k, error);
        part[2] = columns_of(gr, k, n, error);
        part[3] = columns_of(x, k, n, error);
        ok = part[0] && part[1] && part[2] && part[3];
    }
    if (ok) {
        struct grad_tensor *more =
            grad_matrix_product(part[3], false, part[2], true, error);
        struct grad_tensor *right =
            grad_matrix_product(q, false, part[2], false, error);
        if (more)
            grad_matrix_add(gq, 1, more);
        if (more && right && qr_square(gq, q, part[0], part[1], error))
            gx = beside(gq, right, error);
        grad_tensor_release(more);
        grad_tensor_release(right);
    }
    struct grad_tensor *own[] = {x, gq, gr, part[0], part[1], part[2], part[3]};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        grad_tensor_release(own[i]);
    return grad_matrix_give_back(b, 0, gx, error);
}
