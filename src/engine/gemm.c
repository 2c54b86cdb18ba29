// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/gemm.h"

#include <string.h>

#include <cblas.h>

#include "engine/interrupt.h"
#include "engine/kernel/kernel.h"
#include "engine/thread.h"

// Multiply-adds that a thread should have at least, and at most in one call
// before Ctrl-C is looked for (0.1 s or so).
static const double thread_work = 400e3;
static const double call_work = 2e9;

struct product {
    enum grad_dtype dtype;
    bool ta, tb, accumulate;
    size_t m, n, k, lda, ldb, ldc;
    const char *a, *b;
    char *c;
    size_t item;
};

// OpenBLAS's own threads lose on the small products of a class; the engine
// splits instead.
void grad_gemm_prepare(void)
{
    static bool done;
    if (!done)
        openblas_set_num_threads(1);
    done = true;
}

// Whether the engine's own kernel, where this CPU has it, beats BLAS: not on
// small products, for which BLAS has kernels of its own; not where a vector is
// all there is; not where b is read more than once from beyond the caches, or
// its rows lie so that they meet in few places of them.
enum { SMALL_WORK = 1000000, LEAST = 16, DEPTH = 512, TALL = 480 };
enum { PAGE = 4096, LARGE = 2 << 20 };

static bool is_ours(const struct grad_nn_kernels *nn, enum grad_dtype dtype,
                    bool tb, size_t m, size_t n, size_t k, size_t ldb)
{
    size_t item = grad_dtype_size(dtype), depth = k < DEPTH ? k : DEPTH;
    return (double)m * (double)n * (double)k > SMALL_WORK && nn->multiply &&
           n > 1 && k >= LEAST && (tb || ldb * item % PAGE != 0) &&
           (m <= TALL || depth * n * item < LARGE);
}

// The small kernels of BLAS are quick where b is not transposed; a small b is
// turned for them.
enum { TURNED_BYTES = 65536, TURNED_ROWS = 32 };

static bool is_turned(const struct grad_nn_kernels *nn, enum grad_dtype dtype,
                      bool ta, bool tb, size_t m, size_t n, size_t k,
                      size_t ldb)
{
    return tb && !ta && ldb == k && m >= TURNED_ROWS && k >= LEAST &&
           n >= LEAST && n * k * grad_dtype_size(dtype) <= TURNED_BYTES &&
           nn->transposes_quickly;
}

// A sum of nothing is 0. BLAS refuses rows of no length.
static void multiply_nothing(enum grad_dtype dtype, size_t m, size_t n,
                             bool accumulate, char *c, size_t ldc)
{
    size_t item = grad_dtype_size(dtype);
    for (size_t i = 0; i < m && n > 0 && !accumulate; i++)
        memset(c + i * ldc * item, 0, n * item);
}

void grad_gemm_serial(enum grad_dtype dtype, bool ta, bool tb, size_t m,
                      size_t n, size_t k, const void *a, size_t lda,
                      const void *b, size_t ldb, bool accumulate, void *c,
                      size_t ldc)
{
    const struct grad_nn_kernels *nn = grad_kernels(dtype)->nn;
    _Alignas(64) char turned[TURNED_BYTES];
    if (m == 0 || n == 0 || k == 0) {
        multiply_nothing(dtype, m, n, accumulate, c, ldc);
        return;
    }
    if (is_ours(nn, dtype, tb, m, n, k, ldb)) {
        nn->multiply(ta, tb, m, n, k, a, lda, b, ldb, accumulate, c, ldc);
        return;
    }
    if (is_turned(nn, dtype, ta, tb, m, n, k, ldb)) {
        nn->transpose(n, k, b, turned);
        b = turned;
        tb = false;
        ldb = n;
    }
    enum CBLAS_TRANSPOSE x = ta ? CblasTrans : CblasNoTrans;
    enum CBLAS_TRANSPOSE y = tb ? CblasTrans : CblasNoTrans;
    double beta = accumulate ? 1 : 0;
    if (dtype == GRAD_FLOAT32)
        cblas_sgemm(CblasRowMajor, x, y, (int)m, (int)n, (int)k, 1, a, (int)lda,
                    b, (int)ldb, (float)beta, c, (int)ldc);
    else
        cblas_dgemm(CblasRowMajor, x, y, (int)m, (int)n, (int)k, 1, a, (int)lda,
                    b, (int)ldb, beta, c, (int)ldc);
}

// Rows [begin, end) of c, in pieces that Ctrl-C need not wait for.
static void run_rows(void *context, size_t begin, size_t end, int part)
{
    const struct product *p = context;
    size_t piece = (size_t)(call_work / ((double)p->n * (double)p->k)) + 1;
    for (size_t i = begin; i < end && !grad_interrupt_flag; i += piece) {
        size_t rows = end - i < piece ? end - i : piece;
        size_t skip = (p->ta ? i : i * p->lda) * p->item;
        grad_gemm_serial(p->dtype, p->ta, p->tb, rows, p->n, p->k, p->a + skip,
                         p->lda, p->b, p->ldb, p->accumulate,
                         p->c + i * p->ldc * p->item, p->ldc);
    }
}

// Columns [begin, end) of c.
static void run_columns(void *context, size_t begin, size_t end, int part)
{
    struct product p = *(const struct product *)context;
    p.b += (p.tb ? begin * p.ldb : begin) * p.item;
    p.c += begin * p.item;
    p.n = end - begin;
    run_rows(&p, 0, p.m, part);
}

bool grad_gemm(enum grad_dtype dtype, bool ta, bool tb, size_t m, size_t n,
               size_t k, const void *a, size_t lda, const void *b, size_t ldb,
               bool accumulate, void *c, size_t ldc, struct grad_error *error)
{
    struct product p = {
        dtype, ta,  tb,  accumulate, m, n, k,
        lda,   ldb, ldc, a,          b, c, grad_dtype_size(dtype)};
    if (m == 0 || n == 0 || k == 0) {
        multiply_nothing(dtype, m, n, accumulate, c, ldc);
        return true;
    }
    grad_gemm_prepare();
    double work = (double)m * (double)n * (double)k;
    bool split_rows = m >= n;
    size_t lines = split_rows ? m : n;
    double grain = thread_work / (work / (double)lines + 1) + 1;
    size_t least = grain > 8 ? (size_t)grain : 8;
    grad_parallel(lines, least, split_rows ? run_rows : run_columns, &p);
    return grad_interrupt_check(error);
}

#define REFERENCE(T)                                                           \
    do {                                                                       \
        const T *A = a, *B = b;                                                \
        T *C = c;                                                              \
        for (size_t i = 0; i < m; i++) {                                       \
            for (size_t j = 0; j < n; j++) {                                   \
                double sum = accumulate ? (double)C[i * ldc + j] : 0;          \
                for (size_t l = 0; l < k; l++)                                 \
                    sum += (double)A[ta ? l * lda + i : i * lda + l] *         \
                           (double)B[tb ? j * ldb + l : l * ldb + j];          \
                C[i * ldc + j] = (T)sum;                                       \
            }                                                                  \
        }                                                                      \
    } while (0)

void grad_gemm_reference(enum grad_dtype dtype, bool ta, bool tb, size_t m,
                         size_t n, size_t k, const void *a, size_t lda,
                         const void *b, size_t ldb, bool accumulate, void *c,
                         size_t ldc)
{
    if (dtype == GRAD_FLOAT32)
        REFERENCE(float);
    else
        REFERENCE(double);
}
