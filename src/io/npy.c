// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/npy.h"

#include <stdio.h>
#include <string.h>

#include "engine/copy.h"
#include "engine/memory.h"
#include "io/element.h"

// The header is a dictionary as Python would print it. What is read of it:
struct header {
    enum grad_element element;
    bool big_endian;
    bool fortran;
    int ndim;
    size_t shape[GRAD_MAX_DIMS];
    bool has[3]; // descr, fortran_order, shape
};

struct reader {
    struct grad_input *in;
    uint64_t base; // where text[0] lies in the file
    char *text;
    size_t length;
    size_t at;
    struct grad_error *error;
};

static const struct {
    const char *code;
    enum grad_element element;
} types[] = {{"b1", GRAD_BOOL}, {"u1", GRAD_U8},  {"i1", GRAD_I8},
             {"u2", GRAD_U16},  {"i2", GRAD_I16}, {"u4", GRAD_U32},
             {"i4", GRAD_I32},  {"u8", GRAD_U64}, {"i8", GRAD_I64},
             {"f2", GRAD_F16},  {"f4", GRAD_F32}, {"f8", GRAD_F64}};

// --- tokens ------------------------------------------------------------------

static bool fail(struct reader *r, const char *reason)
{
    return grad_input_fail(r->in, r->base + r->at, r->error, "%s", reason);
}

static int peek(struct reader *r)
{
    while (r->at < r->length &&
           (r->text[r->at] == ' ' || r->text[r->at] == '\n' ||
            r->text[r->at] == '\t'))
        r->at++;
    return r->at < r->length ? (unsigned char)r->text[r->at] : -1;
}

static bool take(struct reader *r, char mark)
{
    if (peek(r) != (unsigned char)mark)
        return false;
    r->at++;
    return true;
}

static bool need(struct reader *r, char mark)
{
    char reason[] = "expected ' ' in the header's dictionary";
    reason[10] = mark;
    return take(r, mark) || fail(r, reason);
}

// A quoted text without escapes; a pointer into the header and its length.
static bool read_string(struct reader *r, const char **text, size_t *length)
{
    int quote = peek(r);
    if (quote != '\'' && quote != '"')
        return fail(r, "expected a quoted text in the header's dictionary");
    *text = r->text + ++r->at;
    const char *end = memchr(*text, quote, r->length - r->at);
    if (!end || memchr(*text, '\\', (size_t)(end - *text)))
        return fail(r, "a quoted text that does not end or has escapes");
    *length = (size_t)(end - *text);
    r->at += *length + 1;
    return true;
}

static bool read_word(struct reader *r, const char *word)
{
    size_t n = strlen(word);
    peek(r);
    if (r->length - r->at < n || memcmp(r->text + r->at, word, n) != 0)
        return false;
    r->at += n;
    return true;
}

static bool read_size(struct reader *r, size_t *size)
{
    int c = peek(r);
    *size = 0;
    if (c < '0' || c > '9')
        return fail(r, "expected a size, a whole number from 0");
    for (; r->at < r->length; r->at++) {
        c = r->text[r->at];
        if (c < '0' || c > '9')
            break;
        if (!grad_size_multiply(*size, 10, size) ||
            __builtin_add_overflow(*size, (size_t)(c - '0'), size))
            return fail(r, "a size beyond 64 bits");
    }
    if (r->at < r->length && r->text[r->at] == 'L') // Python 2
        r->at++;
    return true;
}

// --- the dictionary ----------------------------------------------------------

static bool read_descr(struct reader *r, struct header *h)
{
    const char *text;
    size_t length, start;
    if (peek(r) == '[')
        return fail(r, "records with named fields cannot be a tensor. Hint: "
                       "save one field of the array");
    start = r->at;
    if (!read_string(r, &text, &length))
        return false;
    bool ordered = length > 0 && strchr("<>|=", text[0]);
    h->big_endian = ordered ? text[0] == '>' : false;
    if (ordered && text[0] == '=')
        h->big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
    text += ordered;
    length -= ordered;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (length == 2 && !memcmp(types[i].code, text, 2)) {
            h->element = types[i].element;
            return true;
        }
    }
    return grad_input_fail(
        r->in, r->base + start, r->error,
        "elements of type '%.*s' cannot be a tensor: numbers or booleans of 1, "
        "2, 4 or 8 bytes can%s",
        length > 40 ? 40 : (int)length, text,
        length > 0 && text[0] == 'O' ? ". 'O' is Python objects (pickle), "
                                       "which could run code"
                                     : "");
}

static bool read_order(struct reader *r, struct header *h)
{
    h->fortran = read_word(r, "True");
    return h->fortran || read_word(r, "False") ||
           fail(r, "fortran_order: expected True or False");
}

static bool read_shape(struct reader *r, struct header *h)
{
    if (!need(r, '('))
        return false;
    for (h->ndim = 0; !take(r, ')'); h->ndim++) {
        if (h->ndim == GRAD_MAX_DIMS)
            return fail(r, "more than 8 dimensions, the most a tensor has");
        if (!read_size(r, &h->shape[h->ndim]))
            return false;
        if (!take(r, ',') && peek(r) != ')')
            return fail(r, "expected ',' or ')' in the shape");
    }
    return true;
}

static const struct {
    const char *name;
    bool (*read)(struct reader *r, struct header *h);
} keys[] = {{"descr", read_descr},
            {"fortran_order", read_order},
            {"shape", read_shape}};

static bool read_entry(struct reader *r, struct header *h)
{
    const char *name;
    size_t length;
    if (!read_string(r, &name, &length) || !need(r, ':'))
        return false;
    for (int k = 0; k < 3; k++) {
        if (strlen(keys[k].name) != length ||
            memcmp(keys[k].name, name, length) != 0)
            continue;
        if (h->has[k])
            return fail(r, "a key comes twice");
        h->has[k] = true;
        return keys[k].read(r, h);
    }
    return fail(r, "a key other than descr, fortran_order and shape");
}

static bool read_dictionary(struct reader *r, struct header *h)
{
    if (!need(r, '{'))
        return false;
    while (!take(r, '}')) {
        if (!read_entry(r, h))
            return false;
        if (!take(r, ',') && peek(r) != '}')
            return fail(r, "expected ',' or '}' in the header's dictionary");
    }
    if (peek(r) >= 0)
        return fail(r, "something follows the header's dictionary");
    for (int k = 0; k < 3; k++) {
        if (!h->has[k])
            return grad_input_fail(r->in, r->base, r->error,
                                   "the header does not tell '%s'",
                                   keys[k].name);
    }
    return true;
}

// --- reading -----------------------------------------------------------------

// Magic number, version and the length of the dictionary's text.
static bool read_start(struct grad_input *in, size_t *length,
                       struct grad_error *error)
{
    unsigned char start[8], size[4] = {0};
    if (!grad_input_read(in, start, 8, "the magic number", error))
        return false;
    if (memcmp(start, "\x93NUMPY", 6) != 0)
        return grad_input_fail(in, 0, error,
                               "not an npy file: it does not begin with "
                               "\\x93NUMPY%s",
                               start[0] == 'P' && start[1] == 'K'
                                   ? ". It is a zip archive: unpack the npz "
                                     "file first"
                                   : "");
    if (start[6] < 1 || start[6] > 3 || start[7] != 0)
        return grad_input_fail(in, 6, error,
                               "version %d.%d; known are 1.0, 2.0 and 3.0",
                               start[6], start[7]);
    if (!grad_input_read(in, size, start[6] == 1 ? 2 : 4, "the header", error))
        return false;
    *length = (size_t)size[0] | (size_t)size[1] << 8 | (size_t)size[2] << 16 |
              (size_t)size[3] << 24;
    if (*length > grad_input_left(in))
        return grad_input_fail(
            in, 8, error, "a header of %zu bytes; the file has %llu more",
            *length, (unsigned long long)grad_input_left(in));
    return true;
}

static bool read_header(struct grad_input *in, struct header *h,
                        struct grad_error *error)
{
    size_t length = 0;
    if (!read_start(in, &length, error))
        return false;
    struct reader r = {
        .in = in, .base = grad_input_at(in), .length = length, .error = error};
    r.text = grad_memory_alloc(length + 1, error);
    bool fine = r.text &&
                grad_input_read(in, r.text, length, "the header", error) &&
                read_dictionary(&r, h);
    grad_memory_free(r.text, length + 1);
    return fine;
}

static bool check_size(struct grad_input *in, const struct header *h,
                       struct grad_error *error)
{
    size_t bytes;
    char text[GRAD_SHAPE_TEXT];
    if (grad_element_bytes(h->element, h->ndim, h->shape, &bytes) &&
        bytes == grad_input_left(in))
        return true;
    return grad_input_fail(in, grad_input_at(in), error,
                           "the header says %s elements of %zu bytes; %llu "
                           "bytes follow it",
                           grad_shape_text(text, h->ndim, h->shape),
                           grad_element_size(h->element),
                           (unsigned long long)grad_input_left(in));
}

static void reverse(size_t *shape, int ndim)
{
    for (int d = 0; d < ndim / 2; d++) {
        size_t kept = shape[d];
        shape[d] = shape[ndim - 1 - d];
        shape[ndim - 1 - d] = kept;
    }
}

// Fortran order is C order of the reversed shape: a transposed view, copied.
static struct grad_tensor *read_fortran(struct grad_input *in, struct header *h,
                                        struct grad_error *error)
{
    ptrdiff_t stride[GRAD_MAX_DIMS];
    struct grad_tensor *view = NULL, *result = NULL;
    reverse(h->shape, h->ndim);
    struct grad_tensor *t = grad_element_read(in, h->element, h->big_endian,
                                              h->ndim, h->shape, error);
    reverse(h->shape, h->ndim);
    for (int d = 0; t && d < h->ndim; d++)
        stride[d] = t->stride[h->ndim - 1 - d];
    if (t)
        view = grad_tensor_view(t, h->ndim, h->shape, stride, t->data, error);
    if (view)
        result = grad_tensor_clone(view, error);
    grad_tensor_release(view);
    grad_tensor_release(t);
    return result;
}

struct grad_tensor *grad_npy_read(struct grad_input *in,
                                  struct grad_error *error)
{
    struct header h = {0};
    if (!grad_input_unpack(in, error) || !read_header(in, &h, error) ||
        !check_size(in, &h, error))
        return NULL;
    if (h.fortran && h.ndim > 1)
        return read_fortran(in, &h, error);
    return grad_element_read(in, h.element, h.big_endian, h.ndim, h.shape,
                             error);
}

// --- writing -----------------------------------------------------------------

bool grad_npy_write(struct grad_output *out, struct grad_tensor *t,
                    struct grad_error *error)
{
    char header[512], shape[GRAD_SHAPE_TEXT];
    char order = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? '>' : '<';
    grad_shape_text(shape, t->ndim, t->shape);
    if (t->ndim == 1) // Python's tuple of one
        snprintf(shape, sizeof shape, "(%zu,)", t->shape[0]);
    int n = snprintf(header + 10, sizeof header - 10,
                     "{'descr': '%cf%zu', 'fortran_order': False, 'shape': "
                     "%s, }",
                     order, grad_dtype_size(t->dtype), shape);
    // Spaces and a line end up to a multiple of 64.
    size_t whole = ((size_t)n + 10 + 1 + 63) / 64 * 64;
    memset(header + 10 + n, ' ', whole - 10 - (size_t)n);
    header[whole - 1] = '\n';
    memcpy(header, "\x93NUMPY\x01\x00", 8);
    header[8] = (char)((whole - 10) & 0xff);
    header[9] = (char)((whole - 10) >> 8);
    struct grad_tensor *c = grad_tensor_contiguous(t, error);
    bool fine = c && grad_output_write(out, header, whole, error) &&
                grad_output_write(out, c->data,
                                  c->numel * grad_dtype_size(c->dtype), error);
    grad_tensor_release(c);
    return fine;
}
