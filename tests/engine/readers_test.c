// SPDX-License-Identifier: GPL-3.0-or-later
// Malformed files of every format: the error names the file, the place and
// the reason, and nothing stays allocated. Right ones are read under a failing
// allocation, for every allocation.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "engine/memory.h"
#include "io/cifar10.h"
#include "io/csv.h"
#include "io/idx.h"
#include "io/npy.h"
#include "io/safetensors.h"

typedef bool (*read_fn)(struct grad_input *in, struct grad_error *error);

static bool read_npy(struct grad_input *in, struct grad_error *error)
{
    struct grad_tensor *t = grad_npy_read(in, error);
    grad_tensor_release(t);
    return t != NULL;
}

static bool read_idx(struct grad_input *in, struct grad_error *error)
{
    struct grad_tensor *t = grad_idx_read(in, SIZE_MAX, error);
    grad_tensor_release(t);
    return t != NULL;
}

static bool read_cifar10(struct grad_input *in, struct grad_error *error)
{
    struct grad_tensor *images, *labels;
    bool good = grad_cifar10_read(in, SIZE_MAX, &images, &labels, error);
    grad_tensor_release(images);
    grad_tensor_release(labels);
    return good;
}

static bool read_csv(struct grad_input *in, struct grad_error *error)
{
    struct grad_csv *csv = grad_csv_read(in, &grad_csv_defaults, error);
    grad_csv_free(csv);
    return csv != NULL;
}

static bool read_safetensors(struct grad_input *in, struct grad_error *error)
{
    struct grad_safetensors *file = grad_safetensors_read(in, error);
    grad_safetensors_free(file);
    return file != NULL;
}

// An npy file of version 1.0 and a safetensors file are made from their
// headers' text and a number of zero bytes; others are given whole.
struct sample {
    read_fn read;
    const char *text; // NULL: bytes
    const char *bytes;
    size_t size;        // of bytes, or of the zeros behind the text
    const char *expect; // NULL: right
};

#define NPY(text, zeros, expect)                                               \
    {                                                                          \
        read_npy, text, NULL, zeros, expect                                    \
    }
#define SAFE(text, zeros, expect)                                              \
    {                                                                          \
        read_safetensors, text, NULL, zeros, expect                            \
    }
#define RAW(read, bytes, expect)                                               \
    {                                                                          \
        read, NULL, bytes, sizeof(bytes) - 1, expect                           \
    }
#define F4(shape) "{'descr': '<f4', 'fortran_order': False, 'shape': " shape "}"
#define T(dtype, shape, from, to)                                              \
    "{\"dtype\":\"" dtype "\",\"shape\":[" shape "],\"data_offsets\":[" from   \
    "," to "]}"

static const struct sample samples[] = {
    NPY(F4("(2, 3)"), 24, NULL),
    NPY(F4("()"), 4, NULL),
    NPY(F4("(2L, 0)"), 0, NULL),
    NPY("{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }", 12, NULL),
    NPY(F4("(2, 3)"), 23, "at byte 67: the header says (2, 3)"),
    NPY(F4("(2, 3)"), 25, "25 bytes follow it"),
    NPY(F4("(4294967296, 4294967296, 4294967296)"), 8, "bytes follow it"),
    NPY(F4("(99999999999999999999)"), 8, "a size beyond 64 bits"),
    NPY(F4("(-1,)"), 4, "expected a size"),
    NPY(F4("(1,1,1,1,1,1,1,1,1)"), 4, "more than 8 dimensions"),
    NPY(F4("(1,) , 'shape': (1,)"), 4, "a key comes twice"),
    NPY(F4("(1,) , 'x': 1"), 4, "a key other than"),
    NPY(F4("(1 1)"), 4, "expected ',' or ')'"),
    NPY("{'descr': '<f4', 'shape': (1,)}", 4, "does not tell 'fortran_order'"),
    NPY("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", 8, "pickle"),
    NPY("{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", 8, "'c8'"),
    NPY("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", 4,
        "named fields"),
    NPY("{'descr': '<f4", 4, "does not end"),
    NPY("{'descr': '<f4', 'fortran_order': 1, 'shape': (1,)}", 4, "True or"),
    NPY(F4("(1,)") "x", 4, "something follows"),
    NPY("", 4, "expected '{'"),
    RAW(read_npy, "", "before the end of the magic number"),
    RAW(read_npy, "\x93NUMPX\x01\x00", "not an npy file"),
    RAW(read_npy, "PK\x03\x04....", "zip archive"),
    RAW(read_npy, "\x93NUMPY\x04\x00\x10\x00", "at byte 6: version 4.0"),
    RAW(read_npy, "\x93NUMPY\x01\x00\xff\xff", "a header of 65535 bytes"),
    RAW(read_npy, "\x93NUMPY\x02\x00\xff\xff\xff\xff", "4294967295 bytes"),
    RAW(read_idx, "\0\0\x08\x01\0\0\0\x02\x01\x02", NULL),
    RAW(read_idx, "\0\0\x08\x01\0\0\0\x02\x01", "(2) elements of 1 bytes"),
    RAW(read_idx, "\0\0\x08\x01\0\0\0\x02\x01\x02\x03", "3 bytes follow"),
    RAW(read_idx, "\0\x01\x08\x01\0\0\0\x01\x01", "at byte 0"),
    RAW(read_idx, "\0\0\x0a\x01\0\0\0\x01\x01", "at byte 2: 0x0a"),
    RAW(read_idx, "\0\0\x08\x09", "at byte 3: 9 dimensions"),
    RAW(read_idx, "\0\0\x08\0", "at byte 3: 0 dimensions"),
    RAW(read_idx,
        "\0\0\x0e\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        "0 bytes follow"),
    RAW(read_idx, "\0\0\x08\x02\0\0", "before the end of the sizes"),
    RAW(read_idx, "\x1f\x8b\x08\0", "gzip data are damaged: they end"),
    RAW(read_idx, "\x1f\x8b\x07\0\0\0\0\0\0\0", "gzip data are damaged"),
    RAW(read_cifar10, "", "there is none"),
    RAW(read_cifar10, "\x03", "the last one is cut off"),
    RAW(read_csv, "a,b\n1,x\n", NULL),
    RAW(read_csv, "a,b\n", NULL),
    RAW(read_csv, "\n\n", "there are no rows"),
    RAW(read_csv, "a,b\n1\n", "at byte 4: line 2 has 1 field"),
    RAW(read_csv, "a\n\"b", "at byte 2: line 2: this quoted field"),
    RAW(read_csv, "a\n\"b\"c", "goes on behind its quote"),
    RAW(read_csv, "a\nb\"c", "a quote inside a field"),
    RAW(read_csv, "a\n\"b\0\"", "a zero byte"),
    SAFE("{}", 0, NULL),
    SAFE("{\"a\":" T("F32", "1", "0", "4") "}  ", 4, NULL),
    SAFE("{\"b\":" T("I64", "1", "8", "16") ",\"a\":" T("F64", "1", "0",
                                                        "8") "}",
         16, NULL),
    SAFE("{\"a\":" T("F32", "0", "0", "0") ",\"b\":" T("F32", "", "0", "4") "}",
         4, NULL),
    SAFE("{\"__metadata__\":{\"a\":\"\\u00e9\\ud83d\\ude00\"}}", 0, NULL),
    SAFE(" {}", 0, "at byte 8: the header does not begin"),
    SAFE("", 0, "does not begin with '{'"),
    SAFE("{\"a\":" T("F32", "1", "0", "4") "}", 5, "5 follow the header"),
    SAFE("{\"a\":" T("F32", "1", "0", "4") "}", 3, "take 4 bytes"),
    SAFE("{\"a\":" T("F32", "1", "4", "8") "}", 8, "begins at byte 4"),
    SAFE("{\"a\":" T("F32", "1", "4", "0") "}", 4, "does not fill"),
    SAFE("{\"a\":" T("F32", "2", "0", "4") "}", 4, "does not fill"),
    SAFE("{\"a\":" T("F32", "4294967296,4294967296,4", "0", "4") "}", 4,
         "does not fill"),
    SAFE(
        "{\"a\":" T("F32", "1", "0", "4") ",\"b\":" T("F32", "1", "2", "6") "}",
        6, "'b' begins at byte 2"),
    SAFE("{\"a\":" T("F32", "1", "0", "4") ",\"b\":" T("F32", "1", "8",
                                                       "12") "}",
         12, "ends at 4"),
    SAFE(
        "{\"a\":" T("F32", "0", "0", "0") ",\"a\":" T("F32", "0", "0", "0") "}",
        0, "the name 'a' comes twice"),
    SAFE("{\"a\":" T("F99", "1", "0", "4") "}", 4, "unknown dtype 'F99'"),
    SAFE("{\"a\":" T("F32", "1.5", "0", "4") "}", 4, "expected a whole"),
    SAFE("{\"a\":" T("F32", "-1", "0", "4") "}", 4, "got '-'"),
    SAFE("{\"a\":" T("F32", "01", "0", "4") "}", 4, "begins with 0"),
    SAFE("{\"a\":" T("F32", "1", "0", "99999999999999999999") "}", 4,
         "beyond 64 bits"),
    SAFE("{\"a\":{\"dtype\":\"F32\",\"shape\":[]}}", 4, "without 'data_off"),
    SAFE("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}", 4, "comes twice"),
    SAFE("{\"__metadata__\":{\"a\":1}}", 0, "expected '\"'"),
    SAFE("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0, "comes twice"),
    SAFE("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "comes twice"),
    SAFE("{\"\xff\":1}", 0, "not UTF-8"),
    SAFE("{\"\xc0\x80\":1}", 0, "not UTF-8"),
    SAFE("{\"\xed\xa0\x80\":1}", 0, "not UTF-8"),
    SAFE("{\"\\ud800\":1}", 0, "half of a surrogate pair"),
    SAFE("{\"\\u0000\":1}", 0, "a zero byte inside"),
    SAFE("{\"a\n\":1}", 0, "the end of the string"),
    SAFE("{\"a\":{\"x\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", 0, "deeper than"),
    SAFE("{\"a\":{\"x\":tru}}", 0, "expected a value"),
    SAFE("{} x", 0, "nothing more; got 'x'"),
    SAFE("{\"a\":" T("F32", "", "0", "4") ",}", 4, "expected '\"'"),
    SAFE("{", 0, "the text ends"),
    RAW(read_safetensors, "\x01\0\0", "the header's length"),
    RAW(read_safetensors, "\xff\xff\xff\xff\xff\xff\xff\xff{}",
        "a header of 18446744073709551615 bytes"),
    RAW(read_safetensors, "\x03\0\0\0\0\0\0\0{}", "the file has 2 more"),
};

enum { SAMPLES = sizeof samples / sizeof *samples };

// The bytes of a sample, of exactly their size.
static unsigned char *make(const struct sample *s, size_t *size)
{
    size_t length = s->text ? strlen(s->text) : 0;
    size_t before = s->read == read_npy ? 10 : 8;
    *size = s->text ? before + length + s->size : s->size;
    unsigned char *bytes = calloc(*size + 1, 1);
    assert_non_null(bytes);
    bytes = realloc(bytes, *size ? *size : 1);
    if (!s->text) {
        memcpy(bytes, s->bytes, s->size);
        return bytes;
    }
    memcpy(bytes, "\x93NUMPY\x01\x00\x00\x00", before);
    if (s->read == read_safetensors)
        memset(bytes, 0, before);
    size_t at = s->read == read_npy ? 8 : 0;
    bytes[at] = (unsigned char)length;
    bytes[at + 1] = (unsigned char)(length >> 8);
    memcpy(bytes + before, s->text, length);
    return bytes;
}

static bool run(const struct sample *s, struct grad_error *error)
{
    size_t size, live = grad_memory_stats().live;
    unsigned char *bytes = make(s, &size);
    struct grad_input *in = grad_input_memory("some.file", bytes, size, error);
    bool good = in && s->read(in, error);
    grad_input_close(in);
    free(bytes);
    assert_int_equal(grad_memory_stats().live, live);
    return good;
}

static void every_sample(void **state)
{
    for (size_t i = 0; i < SAMPLES; i++) {
        struct grad_error error = {0};
        const struct sample *s = &samples[i];
        grad_memory_reset_peak();
        if (run(s, &error) != !s->expect)
            fail_msg("sample %zu (%s): '%s'", i, s->text ? s->text : "bytes",
                     error.message);
        if (!s->expect)
            continue;
        if (!strstr(error.message, s->expect) ||
            strncmp(error.message, "some.file: at byte ", 19) != 0)
            fail_msg("sample %zu: '%s' instead of '%s'", i, error.message,
                     s->expect);
        assert_int_equal(error.code, GRAD_ERROR_FILE);
        // Claims of terabytes cost nothing: at most gzip's buffers.
        assert_in_range(grad_memory_stats().peak, 0, 1 << 18);
    }
}

static void every_failing_allocation(void **state)
{
    for (size_t i = 0; i < SAMPLES; i++) {
        if (samples[i].expect)
            continue;
        for (long n = 0;; n++) {
            struct grad_error error = {0};
            grad_memory_fail_at(n);
            bool good = run(&samples[i], &error);
            bool failed = grad_memory_failed();
            grad_memory_fail_at(-1);
            if (!failed) {
                assert_true(good);
                break;
            }
            assert_false(good);
            assert_int_equal(error.code, GRAD_ERROR_MEMORY);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sample),
        cmocka_unit_test(every_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
