// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of each CPU level, by type.
#ifndef GRAD_ENGINE_KERNEL_LEVEL_H
#define GRAD_ENGINE_KERNEL_LEVEL_H

#include "engine/kernel/kernel.h"

extern const struct grad_kernels *const grad_kernels_base[2];
extern const struct grad_kernels *const grad_kernels_v3[2];
extern const struct grad_kernels *const grad_kernels_v4[2];

#endif
