// SPDX-License-Identifier: GPL-3.0-or-later
// Matrix products: the one seam to BLAS, and to the kernel that is quicker than
// it on the matrices of a class. Row-major throughout.
#ifndef GRAD_ENGINE_GEMM_H
#define GRAD_ENGINE_GEMM_H

#include "engine/tensor.h"

// c (m,n) = op(a) op(b), or c += where `accumulate`; op transposes where ta or
// tb say so: a is (m,k), or (k,m) if ta; b is (k,n), or (n,k) if tb. lda, ldb
// and ldc are the lengths of stored rows. Any size may be 0; where k is, the
// product is 0. Runs on several threads where that pays, in pieces short enough
// for Ctrl-C: false only where it was interrupted, c then being undefined.
bool grad_gemm(enum grad_dtype dtype, bool ta, bool tb, size_t m, size_t n,
               size_t k, const void *a, size_t lda, const void *b, size_t ldb,
               bool accumulate, void *c, size_t ldc, struct grad_error *error);

// The same on the calling thread alone, for use inside a parallel range;
// grad_gemm_prepare must have been called before.
void grad_gemm_prepare(void);
void grad_gemm_serial(enum grad_dtype dtype, bool ta, bool tb, size_t m,
                      size_t n, size_t k, const void *a, size_t lda,
                      const void *b, size_t ldb, bool accumulate, void *c,
                      size_t ldc);

// The definition, three loops: what the tests compare with.
void grad_gemm_reference(enum grad_dtype dtype, bool ta, bool tb, size_t m,
                         size_t n, size_t k, const void *a, size_t lda,
                         const void *b, size_t ldb, bool accumulate, void *c,
                         size_t ldc);

#endif
