// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernel/kernel.h"

#include <stdlib.h>
#include <string.h>

#include "engine/kernel/level.h"

#if defined(GRAD_X86_LEVELS)
static const struct {
    const char *name;
    const struct grad_kernels *const *tables;
} levels[] = {{"x86-64-v4", grad_kernels_v4},
              {"x86-64-v3", grad_kernels_v3},
              {"x86-64", grad_kernels_base}};

static int has_level(const char *name)
{
    __builtin_cpu_init();
    if (!strcmp(name, "x86-64-v4"))
        return __builtin_cpu_supports("avx512f") &&
               __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512cd") &&
               __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl");
    if (!strcmp(name, "x86-64-v3"))
        return __builtin_cpu_supports("avx2") &&
               __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
    return 1;
}

// GRADUS_CPU names a lower level, for tests and comparisons.
static int choose(void)
{
    const char *most = getenv("GRADUS_CPU");
    int i = 0;
    while (most && i < 2 && strcmp(levels[i].name, most) != 0)
        i++;
    while (!has_level(levels[i].name))
        i++;
    return i;
}
#else
static const struct {
    const char *name;
    const struct grad_kernels *const *tables;
} levels[] = {{"generic", grad_kernels_base}};

static int choose(void)
{
    return 0;
}
#endif

static int chosen = -1;
const struct grad_kernels *grad_kernels_chosen[2];

const struct grad_kernels *grad_kernels_choose(enum grad_dtype dtype)
{
    chosen = choose();
    for (int d = 0; d < 2; d++)
        grad_kernels_chosen[d] = levels[chosen].tables[d];
    return grad_kernels_chosen[dtype];
}

const char *grad_kernels_level(void)
{
    grad_kernels_choose(GRAD_FLOAT32);
    return levels[chosen].name;
}
