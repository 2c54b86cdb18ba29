// SPDX-License-Identifier: GPL-3.0-or-later
// The IDX format of MNIST's files: two zero bytes, the element type, the rank,
// the sizes as big-endian 32-bit numbers, the elements. May be gzipped.
#ifndef GRAD_IO_IDX_H
#define GRAD_IO_IDX_H

#include "engine/tensor.h"
#include "io/input.h"

// Reads the whole array, or its first `limit` entries along dimension 1 where
// there are more.
struct grad_tensor *grad_idx_read(struct grad_input *in, size_t limit,
                                  struct grad_error *error);

#endif
