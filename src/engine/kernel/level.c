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
// For vectors of 64 bytes: integers of T's size, and numbers of lanes.
#define INT_OF_T     int32_t
#define UINT_OF_T    uint32_t
#define LANE_NUMBERS 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
#define EVEN         0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
#define ODD          1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31
#define ZIP_LOW      0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define ZIP_HIGH     8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
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
#undef INT_OF_T
#undef UINT_OF_T
#undef LANE_NUMBERS
#undef EVEN
#undef ODD
#undef ZIP_LOW
#undef ZIP_HIGH

#define T            double
#define K(name)      name##_d
#define C(v)         ((double)(v))
#define EXP          exp
#define EXPM1        expm1
#define LOG          log
#define LOG1P        log1p
#define TANH         tanh
#define SIGMOID(x)   (1 / (1 + exp(-(x))))
#define ERF          erf
#define ABS          fabs
#define SQRT         sqrt
#define POW          vm_pow
#define LIBM_LOG     log
#define LIBM(of)     of
#define INT_OF_T     int64_t
#define UINT_OF_T    uint64_t
#define LANE_NUMBERS 0, 1, 2, 3, 4, 5, 6, 7
#define EVEN         0, 2, 4, 6, 8, 10, 12, 14
#define ODD          1, 3, 5, 7, 9, 11, 13, 15
#define ZIP_LOW      0, 8, 1, 9, 2, 10, 3, 11
#define ZIP_HIGH     4, 12, 5, 13, 6, 14, 7, 15
static inline double vm_pow(double a, double b)
{
    return b == 2.0 ? a * a : b == 1.0 ? a : pow(a, b);
}
#include "engine/kernel/kernels.inc"

const struct grad_kernels *const PASTE(grad_kernels_, LEVEL)[2] = {&table_f,
                                                                   &table_d};
