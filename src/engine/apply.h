// SPDX-License-Identifier: GPL-3.0-or-later
// Running an operation on tensors, and recording it where a gradient may be
// wanted.
#ifndef GRAD_ENGINE_APPLY_H
#define GRAD_ENGINE_APPLY_H

#include "engine/op.h"

// Runs an op: promotes types, makes inputs contiguous where the row asks,
// calls the forward and records a node where a gradient may be wanted. Fills
// out[], which has room for GRAD_MAX_OUTPUTS, with new references (one per
// output; the rest is NULL) and returns their number, or 0
// with `error` filled and nothing to release. `attrs` may be NULL for an op
// without any (defaults are taken).
int grad_op_apply(const struct grad_op *op, struct grad_tensor *const *in,
                  int n_in, const struct grad_attrs *attrs,
                  struct grad_tensor **out, struct grad_error *error);

// The first output of an op without attributes or with defaults: for ops that
// are built from others, and for tests.
struct grad_tensor *grad_op_call(enum grad_op_id id,
                                 struct grad_tensor *const *in, int n_in,
                                 const struct grad_attrs *attrs,
                                 struct grad_error *error);

// The in-place form: the result goes into x's memory (op must have
// GRAD_INPLACE); in[0] is x. False with `error` filled where autograd or the
// shapes forbid it.
bool grad_op_apply_inplace(const struct grad_op *op,
                           struct grad_tensor *const *in, int n_in,
                           const struct grad_attrs *attrs,
                           struct grad_error *error);

#endif
