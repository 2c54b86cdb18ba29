// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled once for each CPU level; LEVEL names it.
#include "engine/kernel/level.h"

#include "engine/kernel/vmath.h"

// How wide the vectors of this level are.
#if defined(__AVX512F__)
#define VECTOR_BYTES 64
#elif defined(__AVX2__)
#define VECTOR_BYTES 32
#else
#define VECTOR_BYTES 16
#endif

#define PASTE2(a, b) a##b
#define PASTE(a, b)  PASTE2(a, b)

#define T        float
#define K(name)  name##_f
#define C(v)     ((float)(v))
#define EXP      vm_expf
#define EXPM1    vm_expm1f
#define LOG      vm_logf
#define LOG1P    vm_log1pf
#define TANH     vm_tanhf
#define SIGMOID  vm_sigmoidf
#define ERF      vm_erff
#define ABS      fabsf
#define SQRT     sqrtf
#define POW      vm_powf
#define LIBM_LOG logf
#define LIBM(of) of##f
static inline float vm_powf(float a, float b)
{
    return b == 2.0f ? a * a : b == 1.0f ? a : powf(a, b);
}
#include "engine/kernel/kernels.inc"
#undef T
#undef K
#undef C
#undef EXP
#undef EXPM1
#undef LOG
#undef LOG1P
#undef TANH
#undef SIGMOID
#undef ERF
#undef ABS
#undef SQRT
#undef POW
#undef LIBM_LOG
#undef LIBM

#define T          double
#define K(name)    name##_d
#define C(v)       ((double)(v))
#define EXP        exp
#define EXPM1      expm1
#define LOG        log
#define LOG1P      log1p
#define TANH       tanh
#define SIGMOID(x) (1 / (1 + exp(-(x))))
#define ERF        erf
#define ABS        fabs
#define SQRT       sqrt
#define POW        vm_pow
#define LIBM_LOG   log
#define LIBM(of)   of
static inline double vm_pow(double a, double b)
{
    return b == 2.0 ? a * a : b == 1.0 ? a : pow(a, b);
}
#include "engine/kernel/kernels.inc"

const struct grad_kernels *const PASTE(grad_kernels_, LEVEL)[2] = {&table_f,
                                                                   &table_d};
