// SPDX-License-Identifier: GPL-3.0-or-later
// NumPy's npy format. Read: versions 1.0, 2.0 and 3.0, both byte orders, C and
// Fortran order, bool, integers, half, single and double floats; may be
// gzipped. Written: version 1.0, little-endian, C order.
#ifndef GRAD_IO_NPY_H
#define GRAD_IO_NPY_H

#include "engine/tensor.h"
#include "io/input.h"
#include "io/output.h"

struct grad_tensor *grad_npy_read(struct grad_input *in,
                                  struct grad_error *error);

// The caller commits or abandons `out`.
bool grad_npy_write(struct grad_output *out, struct grad_tensor *t,
                    struct grad_error *error);

#endif
