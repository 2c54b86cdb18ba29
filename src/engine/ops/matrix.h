// SPDX-License-Identifier: GPL-3.0-or-later
// Matrices in float64, as the decompositions and their gradients want them.
// Every function that makes a tensor gives a new reference or NULL, and takes
// NULL for an input whose making has failed.
#ifndef GRAD_ENGINE_OPS_MATRIX_H
#define GRAD_ENGINE_OPS_MATRIX_H

#include "engine/ops/ops.h"

struct grad_tensor *grad_matrix_new(size_t rows, size_t columns,
                                    struct grad_error *error);
struct grad_tensor *grad_vector_new(size_t n, struct grad_error *error);

// Whether x is a matrix of finite numbers, square where that is asked.
bool grad_matrix_check(const struct grad_op *op, const struct grad_tensor *x,
                       bool square, struct grad_error *error);

// The transpose of a contiguous float64 matrix; of one of any type.
struct grad_tensor *grad_matrix_flip(const struct grad_tensor *a,
                                     struct grad_error *error);
struct grad_tensor *grad_matrix_flipped(const struct grad_tensor *x,
                                        struct grad_error *error);

// Puts result k of the call, in the input's type; takes `t` over.
bool grad_matrix_give(struct grad_call *call, int k, struct grad_tensor *t,
                      struct grad_error *error);
// Keeps a copy of a result for the backward, where one may come.
bool grad_matrix_keep(struct grad_call *call, int k,
                      const struct grad_tensor *t, struct grad_error *error);

// a b, either transposed.
struct grad_tensor *grad_matrix_product(const struct grad_tensor *a, bool ta,
                                        const struct grad_tensor *b, bool tb,
                                        struct grad_error *error);
// sum += by * a
void grad_matrix_add(struct grad_tensor *sum, double by,
                     const struct grad_tensor *a);
// Rows (or columns) of a times the elements of s, or divided by them.
void grad_matrix_scale(struct grad_tensor *a, const struct grad_tensor *s,
                       bool rows, bool divide);
// The gradient for output k in float64; zeros (rows, columns) or (rows) where
// there is none.
struct grad_tensor *grad_matrix_gout(const struct grad_backward *b, int k,
                                     size_t rows, size_t columns,
                                     struct grad_error *error);
// Hands over the gradient for input k; takes `t` over.
bool grad_matrix_give_back(struct grad_backward *b, int k,
                           struct grad_tensor *t, struct grad_error *error);

#endif
