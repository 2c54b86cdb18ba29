// SPDX-License-Identifier: GPL-3.0-or-later
// CIFAR-10's binary version: records of one label byte, 0 to 9, and 3072 bytes
// of a 32 x 32 image, all red values first, then green, then blue. May be
// gzipped.
#ifndef GRAD_IO_CIFAR10_H
#define GRAD_IO_CIFAR10_H

#include "engine/tensor.h"
#include "io/input.h"

// Reads at most `limit` records: *images (n, 3, 32, 32) with values 0 to 255,
// *labels (n) with values 0 to 9 as in the file, both float32 and new
// references.
bool grad_cifar10_read(struct grad_input *in, size_t limit,
                       struct grad_tensor **images, struct grad_tensor **labels,
                       struct grad_error *error);

#endif
