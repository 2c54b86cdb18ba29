// SPDX-License-Identifier: GPL-3.0-or-later
// Walking over strided and broadcast tensors: the one place that knows how a
// kernel on rows is applied to tensors of any strides, on several threads.
#ifndef GRAD_ENGINE_LOOP_H
#define GRAD_ENGINE_LOOP_H

#include "engine/tensor.h"

// The shape that a and b broadcast to, as in NumPy. False where they clash.
bool grad_broadcast_shape(const struct grad_tensor *a,
                          const struct grad_tensor *b, int *ndim,
                          size_t *shape);

enum { GRAD_LOOP_OPERANDS = 4 };

// A nest of loops over `shape` with, for each operand, a stride per dimension
// (0 where it is broadcast). Neighbouring dimensions that can be walked as one
// have been joined.
struct grad_loop {
    int ndim;
    int operands;
    size_t shape[GRAD_MAX_DIMS];
    ptrdiff_t stride[GRAD_LOOP_OPERANDS][GRAD_MAX_DIMS];
    char *data[GRAD_LOOP_OPERANDS];
    size_t item[GRAD_LOOP_OPERANDS]; // bytes an element
};

// One inner run of n elements; data and strides (in elements) per operand.
typedef void (*grad_loop_row)(void *context, size_t n, char *const *data,
                              const ptrdiff_t *stride);

// Operands are broadcast to the shape given.
void grad_loop_init(struct grad_loop *loop, int ndim, const size_t *shape,
                    struct grad_tensor *const *operand, int operands);

// Calls `row` for every inner run, on several threads where at least `grain`
// elements fall to each.
void grad_loop_run(const struct grad_loop *loop, size_t grain,
                   grad_loop_row row, void *context);

#endif
