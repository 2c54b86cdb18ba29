// SPDX-License-Identifier: GPL-3.0-or-later
// The functions that the rows of ops.def name; the files of this folder define
// them.
#ifndef GRAD_ENGINE_OPS_OPS_H
#define GRAD_ENGINE_OPS_OPS_H

#include "engine/copy.h"
#include "engine/kernel/kernel.h"
#include "engine/op.h"
#include "engine/ops/nn.h"

#define GRAD_DECLARE_FORWARD(name)                                             \
    bool name(struct grad_call *call, struct grad_error *error);
#define GRAD_DECLARE_BACKWARD(name)                                            \
    bool name(struct grad_backward *b, struct grad_error *error);

GRAD_DECLARE_FORWARD(grad_unary_forward)
GRAD_DECLARE_BACKWARD(grad_unary_backward)
GRAD_DECLARE_FORWARD(grad_binary_forward)
GRAD_DECLARE_BACKWARD(grad_binary_backward)
GRAD_DECLARE_FORWARD(grad_contiguous_forward)
GRAD_DECLARE_BACKWARD(grad_contiguous_backward)
GRAD_DECLARE_FORWARD(grad_to_forward)
GRAD_DECLARE_BACKWARD(grad_to_backward)
GRAD_DECLARE_FORWARD(grad_clone_forward)
GRAD_DECLARE_FORWARD(grad_reshape_forward)
GRAD_DECLARE_BACKWARD(grad_reshape_backward)
GRAD_DECLARE_FORWARD(grad_expand_forward)
GRAD_DECLARE_BACKWARD(grad_expand_backward)
GRAD_DECLARE_FORWARD(grad_permute_forward)
GRAD_DECLARE_BACKWARD(grad_permute_backward)
GRAD_DECLARE_FORWARD(grad_select_forward)
GRAD_DECLARE_FORWARD(grad_narrow_forward)
GRAD_DECLARE_BACKWARD(grad_slice_backward)
GRAD_DECLARE_FORWARD(grad_sum_forward)
GRAD_DECLARE_BACKWARD(grad_sum_backward)
GRAD_DECLARE_FORWARD(grad_sum_to_forward)
GRAD_DECLARE_BACKWARD(grad_sum_to_backward)
GRAD_DECLARE_FORWARD(grad_eigh_forward)
GRAD_DECLARE_BACKWARD(grad_eigh_backward)
GRAD_DECLARE_FORWARD(grad_svd_forward)
GRAD_DECLARE_BACKWARD(grad_svd_backward)
GRAD_DECLARE_FORWARD(grad_qr_forward)
GRAD_DECLARE_BACKWARD(grad_qr_backward)
GRAD_DECLARE_FORWARD(grad_solve_forward)
GRAD_DECLARE_BACKWARD(grad_solve_backward)
GRAD_DECLARE_FORWARD(grad_inverse_forward)
GRAD_DECLARE_BACKWARD(grad_inverse_backward)
GRAD_DECLARE_FORWARD(grad_linear_forward)
GRAD_DECLARE_BACKWARD(grad_linear_backward)

GRAD_DECLARE_FORWARD(grad_transpose_forward)
GRAD_DECLARE_BACKWARD(grad_transpose_backward)
GRAD_DECLARE_FORWARD(grad_squeeze_forward)
GRAD_DECLARE_FORWARD(grad_unsqueeze_forward)
GRAD_DECLARE_FORWARD(grad_flip_forward)
GRAD_DECLARE_BACKWARD(grad_flip_backward)
GRAD_DECLARE_FORWARD(grad_cat_forward)
GRAD_DECLARE_BACKWARD(grad_cat_backward)
GRAD_DECLARE_FORWARD(grad_index_select_forward)
GRAD_DECLARE_BACKWARD(grad_index_select_backward)
GRAD_DECLARE_FORWARD(grad_gather_forward)
GRAD_DECLARE_BACKWARD(grad_gather_backward)
GRAD_DECLARE_FORWARD(grad_where_forward)
GRAD_DECLARE_BACKWARD(grad_where_backward)
GRAD_DECLARE_FORWARD(grad_extreme_forward)
GRAD_DECLARE_BACKWARD(grad_extreme_backward)
GRAD_DECLARE_FORWARD(grad_sort_forward)
GRAD_DECLARE_BACKWARD(grad_sort_backward)
GRAD_DECLARE_FORWARD(grad_cumsum_forward)
GRAD_DECLARE_BACKWARD(grad_cumsum_backward)
GRAD_DECLARE_FORWARD(grad_prod_forward)
GRAD_DECLARE_BACKWARD(grad_prod_backward)
GRAD_DECLARE_FORWARD(grad_matmul_forward)
GRAD_DECLARE_BACKWARD(grad_matmul_backward)

// Resolves the sizes of a call with one -1 against numel; the result has
// call->attrs->count entries.
bool grad_resolve_sizes(const struct grad_op *op,
                        const struct grad_attrs *attrs,
                        const struct grad_tensor *x, size_t *shape,
                        struct grad_error *error);

#endif
