// SPDX-License-Identifier: GPL-3.0-or-later
// The functions that the rows of ops_nn.def name.
#ifndef GRAD_ENGINE_OPS_NN_H
#define GRAD_ENGINE_OPS_NN_H

#include "engine/op.h"

#define GRAD_DECLARE_PAIR(name)                                                \
    bool grad_##name##_forward(struct grad_call *call,                         \
                               struct grad_error *error);                      \
    bool grad_##name##_backward(struct grad_backward *b,                       \
                                struct grad_error *error);

GRAD_DECLARE_PAIR(prelu)
GRAD_DECLARE_PAIR(maxout)
GRAD_DECLARE_PAIR(softmax)
GRAD_DECLARE_PAIR(row_loss)
GRAD_DECLARE_PAIR(pair_loss)
GRAD_DECLARE_PAIR(batch_norm)
GRAD_DECLARE_PAIR(row_norm)
GRAD_DECLARE_PAIR(dropout)
GRAD_DECLARE_PAIR(conv2d)
GRAD_DECLARE_PAIR(pool)
GRAD_DECLARE_PAIR(embedding)
GRAD_DECLARE_PAIR(masked_linear)

// Labels 1..classes of a contiguous tensor as 0..classes-1, `ignored` ones as
// -1, into `label`. A label outside is an error that names row and value.
bool grad_labels_read(const struct grad_op *op,
                      const struct grad_tensor *target, size_t classes,
                      const int64_t *ignored, int32_t *label,
                      struct grad_error *error);

// x with dimension `from` moved to place `to`, contiguous: x itself where
// nothing moves. A new reference.
struct grad_tensor *grad_move_dim(struct grad_tensor *x, int from, int to,
                                  struct grad_error *error);

#endif
