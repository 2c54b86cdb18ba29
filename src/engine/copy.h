// SPDX-License-Identifier: GPL-3.0-or-later
// Contents of tensors written, copied and brought into another type or order.
// Ownership is as in tensor.h.
#ifndef GRAD_ENGINE_COPY_H
#define GRAD_ENGINE_COPY_H

#include "engine/tensor.h"

struct grad_tensor *grad_tensor_full(enum grad_dtype dtype, int ndim,
                                     const size_t *shape, double value,
                                     struct grad_error *error);
// A contiguous copy without history.
struct grad_tensor *grad_tensor_clone(const struct grad_tensor *t,
                                      struct grad_error *error);
// A copy as another type.
struct grad_tensor *grad_tensor_convert(const struct grad_tensor *t,
                                        enum grad_dtype dtype,
                                        struct grad_error *error);
// A new reference to t itself where it is contiguous, else a copy.
struct grad_tensor *grad_tensor_contiguous(struct grad_tensor *t,
                                           struct grad_error *error);
// Another shape with as many elements: a view where strides allow, else a
// copy.
struct grad_tensor *grad_tensor_reshape(struct grad_tensor *t, int ndim,
                                        const size_t *shape,
                                        struct grad_error *error);

// Copies the elements of `from`, of any type, broadcast to the shape of `to`;
// `to` may be strided. Counts as a change in place.
bool grad_tensor_copy(struct grad_tensor *to, const struct grad_tensor *from,
                      struct grad_error *error);
void grad_tensor_fill(struct grad_tensor *t, double value);

#endif
