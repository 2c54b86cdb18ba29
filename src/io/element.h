// SPDX-License-Identifier: GPL-3.0-or-later
// The number types that files hold, and their way into a tensor. Types that a
// float32 holds exactly become float32, all wider ones float64; 64-bit
// integers beyond 2^53 are rounded.
#ifndef GRAD_IO_ELEMENT_H
#define GRAD_IO_ELEMENT_H

#include "engine/tensor.h"
#include "io/input.h"

enum grad_element {
    GRAD_BOOL, // one byte, not 0: 1
    GRAD_U8,
    GRAD_I8,
    GRAD_U16,
    GRAD_I16,
    GRAD_U32,
    GRAD_I32,
    GRAD_U64,
    GRAD_I64,
    GRAD_F8_E4M3, // sign, 4 bits of exponent, 3 of mantissa; no infinities
    GRAD_F8_E5M2,
    GRAD_F16,
    GRAD_BF16,
    GRAD_F32,
    GRAD_F64,
    GRAD_ELEMENT_COUNT
};

size_t grad_element_size(enum grad_element element);

// Bytes of a tensor of this shape in a file; false where that does not fit.
bool grad_element_bytes(enum grad_element element, int ndim,
                        const size_t *shape, size_t *bytes);

// Reads a new tensor. The bytes that it takes must have been compared with
// grad_input_left before.
struct grad_tensor *grad_element_read(struct grad_input *in,
                                      enum grad_element element,
                                      bool big_endian, int ndim,
                                      const size_t *shape,
                                      struct grad_error *error);

#endif
