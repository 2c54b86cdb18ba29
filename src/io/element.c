// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/element.h"

#include <math.h>
#include <string.h>

#include "engine/memory.h"

enum { CHUNK = 1 << 13 }; // bytes; a multiple of every element's size

// Each turns n elements at `from`, in the byte order of this machine, into
// numbers at `to`.
typedef void (*decode_fn)(const unsigned char *from, size_t n, void *to);

#define DECODER(name, type, target, value)                                     \
    static void name(const unsigned char *from, size_t n, void *to)            \
    {                                                                          \
        target *out = to;                                                      \
        for (size_t i = 0; i < n; i++) {                                       \
            type v;                                                            \
            memcpy(&v, from + i * sizeof v, sizeof v);                         \
            out[i] = (target)(value);                                          \
        }                                                                      \
    }

// Sign, exponent and mantissa of a small float that keeps IEEE's rules but
// for what its largest exponent means.
static float small_float(unsigned bits, int exponent_bits, int mantissa_bits)
{
    int bias = (1 << (exponent_bits - 1)) - 1;
    unsigned mantissa = bits & ((1u << mantissa_bits) - 1);
    unsigned exponent = bits >> mantissa_bits & ((1u << exponent_bits) - 1);
    bool negative = bits >> (mantissa_bits + exponent_bits) & 1;
    float size;
    if (exponent == 0)
        size = ldexpf((float)mantissa, 1 - bias - mantissa_bits);
    else
        size = ldexpf((float)(mantissa | 1u << mantissa_bits),
                      (int)exponent - bias - mantissa_bits);
    return negative ? -size : size;
}

static float from_f16(uint16_t bits)
{
    if ((bits & 0x7c00) == 0x7c00) {
        float special = bits & 0x3ff ? NAN : INFINITY;
        return bits & 0x8000 ? -special : special;
    }
    return small_float(bits, 5, 10);
}

static float from_e4m3(uint8_t bits)
{
    return (bits & 0x7f) == 0x7f ? NAN : small_float(bits, 4, 3);
}

static float from_bf16(uint16_t bits)
{
    uint32_t wide = (uint32_t)bits << 16;
    float f;
    memcpy(&f, &wide, sizeof f);
    return f;
}

DECODER(decode_bool, uint8_t, float, v != 0)
DECODER(decode_u8, uint8_t, float, v)
DECODER(decode_i8, int8_t, float, v)
DECODER(decode_u16, uint16_t, float, v)
DECODER(decode_i16, int16_t, float, v)
DECODER(decode_u32, uint32_t, double, v)
DECODER(decode_i32, int32_t, double, v)
DECODER(decode_u64, uint64_t, double, v)
DECODER(decode_i64, int64_t, double, v)
DECODER(decode_e4m3, uint8_t, float, from_e4m3(v))
DECODER(decode_e5m2, uint8_t, float, from_f16((uint16_t)(v << 8)))
DECODER(decode_f16, uint16_t, float, from_f16(v))
DECODER(decode_bf16, uint16_t, float, from_bf16(v))
DECODER(decode_f32, float, float, v)
DECODER(decode_f64, double, double, v)

static const struct {
    size_t size;
    enum grad_dtype dtype;
    decode_fn decode;
} elements[GRAD_ELEMENT_COUNT] = {
    [GRAD_BOOL] = {1, GRAD_FLOAT32, decode_bool},
    [GRAD_U8] = {1, GRAD_FLOAT32, decode_u8},
    [GRAD_I8] = {1, GRAD_FLOAT32, decode_i8},
    [GRAD_U16] = {2, GRAD_FLOAT32, decode_u16},
    [GRAD_I16] = {2, GRAD_FLOAT32, decode_i16},
    [GRAD_U32] = {4, GRAD_FLOAT64, decode_u32},
    [GRAD_I32] = {4, GRAD_FLOAT64, decode_i32},
    [GRAD_U64] = {8, GRAD_FLOAT64, decode_u64},
    [GRAD_I64] = {8, GRAD_FLOAT64, decode_i64},
    [GRAD_F8_E4M3] = {1, GRAD_FLOAT32, decode_e4m3},
    [GRAD_F8_E5M2] = {1, GRAD_FLOAT32, decode_e5m2},
    [GRAD_F16] = {2, GRAD_FLOAT32, decode_f16},
    [GRAD_BF16] = {2, GRAD_FLOAT32, decode_bf16},
    [GRAD_F32] = {4, GRAD_FLOAT32, decode_f32},
    [GRAD_F64] = {8, GRAD_FLOAT64, decode_f64},
};

size_t grad_element_size(enum grad_element element)
{
    return elements[element].size;
}

bool grad_element_bytes(enum grad_element element, int ndim,
                        const size_t *shape, size_t *bytes)
{
    bool fits = true;
    *bytes = elements[element].size;
    for (int d = 0; d < ndim; d++)
        fits = fits && grad_size_multiply(*bytes, shape[d], bytes);
    return fits;
}

static void swap_bytes(unsigned char *bytes, size_t n, size_t size)
{
    for (unsigned char *p = bytes; p < bytes + n; p += size) {
        for (size_t i = 0; i < size / 2; i++) {
            unsigned char kept = p[i];
            p[i] = p[size - 1 - i];
            p[size - 1 - i] = kept;
        }
    }
}

static bool read_into(struct grad_input *in, enum grad_element element,
                      bool swap, struct grad_tensor *t,
                      struct grad_error *error)
{
    unsigned char chunk[CHUNK];
    size_t size = elements[element].size, step = CHUNK / size;
    char *to = t->data;
    for (size_t left = t->numel; left > 0;) {
        size_t n = left < step ? left : step;
        if (!grad_input_read(in, chunk, n * size, "the elements", error))
            return false;
        if (swap)
            swap_bytes(chunk, n * size, size);
        elements[element].decode(chunk, n, to);
        to += n * grad_dtype_size(t->dtype);
        left -= n;
    }
    return true;
}

struct grad_tensor *grad_element_read(struct grad_input *in,
                                      enum grad_element element,
                                      bool big_endian, int ndim,
                                      const size_t *shape,
                                      struct grad_error *error)
{
    bool swap = big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
    struct grad_tensor *t =
        grad_tensor_new(elements[element].dtype, ndim, shape, error);
    if (!t)
        return NULL;
    bool fine;
    if (!swap && (element == GRAD_F32 || element == GRAD_F64))
        fine = grad_input_read(in, t->data, t->numel * elements[element].size,
                               "the elements", error);
    else
        fine = read_into(in, element, swap, t, error);
    if (fine)
        return t;
    grad_tensor_release(t);
    return NULL;
}
