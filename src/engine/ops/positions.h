// SPDX-License-Identifier: GPL-3.0-or-later
// What an index tensor says, for ops that choose elements: its elements count
// from 1, or from -1 backwards.
#ifndef GRAD_ENGINE_OPS_POSITIONS_H
#define GRAD_ENGINE_OPS_POSITIONS_H

#include "engine/ops/ops.h"

// The elements of a contiguous index tensor as positions from 0 below `size`;
// grad_positions_free'd by the caller. NULL with an error that names the first
// element that is none.
size_t *grad_positions(const struct grad_op *op,
                       const struct grad_tensor *index, size_t size,
                       struct grad_error *error);
void grad_positions_free(size_t *at, const struct grad_tensor *index);

#endif
