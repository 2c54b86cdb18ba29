// SPDX-License-Identifier: GPL-3.0-or-later
// Elementary functions that compilers turn into vector code: plain arithmetic
// on floats and their bits, no branches, no tables, no calls. Within 2 ulp of
// the true value; NaN, infinities and denormals come out right.
#ifndef GRAD_ENGINE_KERNEL_VMATH_H
#define GRAD_ENGINE_KERNEL_VMATH_H

#include <math.h>
#include <stdint.h>
#include <string.h>

static inline uint32_t vm_bits(float x)
{
    uint32_t u;
    memcpy(&u, &x, sizeof u);
    return u;
}

static inline float vm_float(uint32_t u)
{
    float x;
    memcpy(&x, &u, sizeof x);
    return x;
}

// Adding 1.5 * 2^23 rounds to an integer, which then stands in the low bits.
#define VM_ROUND 12582912.0f

// x = k ln 2 + r with |r| <= ln 2 / 2; returns r and leaves k in *k.
static inline float vm_reduce(float x, int32_t *k)
{
    float t = x * 1.44269504f + VM_ROUND;
    *k = (int32_t)(vm_bits(t) - vm_bits(VM_ROUND));
    float n = t - VM_ROUND;
    return (x - n * 0.693145752f) - n * 1.42860677e-6f; // ln 2 in two parts
}

static inline float vm_pow2(int32_t k)
{
    return vm_float((uint32_t)(k + 127) << 23);
}

// exp(r) - 1 by its series, |r| <= 0.35.
static inline float vm_expm1_small(float r)
{
    float p = 1.0f / 5040;
    p = p * r + 1.0f / 720;
    p = p * r + 1.0f / 120;
    p = p * r + 1.0f / 24;
    p = p * r + 1.0f / 6;
    p = p * r + 0.5f;
    return p * r * r + r;
}

static inline float vm_expf(float x)
{
    float c = x < -104.0f ? -104.0f : x;
    c = c > 89.0f ? 89.0f : c;
    int32_t k;
    float r = vm_reduce(c, &k);
    int32_t half = k >> 1; // 2^k may be no float where the product is one
    return (vm_expm1_small(r) + 1.0f) * vm_pow2(half) * vm_pow2(k - half);
}

static inline float vm_expm1f(float x)
{
    float c = x < -20.0f ? -20.0f : x;
    c = c > 89.0f ? 89.0f : c;
    int32_t k;
    float r = vm_reduce(c, &k);
    int32_t half = k >> 1;
    float scale = vm_pow2(half), rest = vm_pow2(k - half);
    float p = vm_expm1_small(r);
    return k == 0 ? p : (p * scale + scale - 1.0f / rest) * rest;
}

static inline float vm_tanhf(float x)
{
    float a = fabsf(x);
    a = a > 10.0f ? 10.0f : a;
    float e = vm_expm1f(2.0f * a);
    float t = e / (e + 2.0f);
    return copysignf(t, x);
}

static inline float vm_sigmoidf(float x)
{
    return 1.0f / (1.0f + vm_expf(-x));
}

// log(m 2^k) = k ln 2 + 2 artanh((m - 1) / (m + 1)), m in [0.71, 1.41).
static inline float vm_log_finite(float x)
{
    uint32_t u = vm_bits(x) + (0x3f800000 - 0x3f3504f3);
    float k = (float)((int32_t)(u >> 23) - 127);
    float m = vm_float((u & 0x007fffff) + 0x3f3504f3);
    float s = (m - 1.0f) / (m + 1.0f), z = s * s;
    float p = 1.0f / 9;
    p = p * z + 1.0f / 7;
    p = p * z + 1.0f / 5;
    p = p * z + 1.0f / 3;
    float f = m - 1.0f; // 2 artanh(s) = f - s (f - 2 z p)
    return k * 0.693145752f +
           (k * 1.42860677e-6f + (f - s * (f - 2.0f * z * p)));
}

static inline float vm_logf(float x)
{
    // Denormals are scaled up first.
    float tiny = x < 1.17549435e-38f ? 1.0f : 0.0f;
    float y = vm_log_finite(x * (tiny != 0.0f ? 8388608.0f : 1.0f)) -
              tiny * 15.9423847f;
    y = x == 0.0f ? -INFINITY : y;
    y = x < 0.0f ? NAN : y;
    return x < INFINITY ? y : x; // +inf and NaN as they are
}

static inline float vm_log1pf(float x)
{
    float u = 1.0f + x;
    float y = vm_logf(u) + (x - (u - 1.0f)) / u;
    return u == 1.0f ? x : u < INFINITY ? (u == 0.0f ? -INFINITY : y) : u;
}

// x p(x^2) up to 1, and 1 - exp(-q(x - 2)) to 4, above which it is 1: fitted
// by least squares to the true function.
static inline float vm_erff(float x)
{
    float a = fabsf(x), z = a * a;
    float p = 7.896046e-05f;
    p = p * z - 8.0236519e-04f;
    p = p * z + 5.1899659e-03f;
    p = p * z - 2.6854757e-02f;
    p = p * z + 1.12836108e-01f;
    p = p * z - 3.76126289e-01f;
    p = p * z + 1.12837923f;
    float t = (a > 4.0f ? 4.0f : a) - 2.0f;
    float q = -1.67904422e-04f;
    q = q * t + 7.5764093e-04f;
    q = q * t - 3.50983418e-03f;
    q = q * t + 1.64881088e-02f;
    q = q * t + 9.23745036e-01f;
    q = q * t + 4.41815710f;
    q = q * t + 5.36494112f;
    float far = 1.0f - vm_expf(-q);
    return copysignf(a < 1.0f ? p * a : far, x);
}

#endif
