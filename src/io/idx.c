// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/idx.h"

#include "io/element.h"

static const struct {
    unsigned char code;
    enum grad_element element;
} types[] = {{0x08, GRAD_U8},  {0x09, GRAD_I8},  {0x0b, GRAD_I16},
             {0x0c, GRAD_I32}, {0x0d, GRAD_F32}, {0x0e, GRAD_F64}};

struct header {
    enum grad_element element;
    int ndim;
    size_t shape[GRAD_MAX_DIMS];
};

static bool find_type(struct grad_input *in, unsigned char code,
                      enum grad_element *element, struct grad_error *error)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (types[i].code == code) {
            *element = types[i].element;
            return true;
        }
    }
    return grad_input_fail(in, 2, error,
                           "0x%02x is no element type of IDX (08, 09, 0b, 0c, "
                           "0d or 0e)",
                           code);
}

static bool read_header(struct grad_input *in, struct header *h,
                        struct grad_error *error)
{
    unsigned char magic[4], size[4];
    if (!grad_input_read(in, magic, 4, "the magic number", error))
        return false;
    if (magic[0] != 0 || magic[1] != 0)
        return grad_input_fail(in, 0, error,
                               "an IDX file begins with two zero bytes; here "
                               "are 0x%02x 0x%02x",
                               magic[0], magic[1]);
    if (!find_type(in, magic[2], &h->element, error))
        return false;
    if (magic[3] < 1 || magic[3] > GRAD_MAX_DIMS)
        return grad_input_fail(in, 3, error,
                               "%d dimensions; a tensor here has 1 to %d",
                               magic[3], GRAD_MAX_DIMS);
    h->ndim = magic[3];
    for (int d = 0; d < h->ndim; d++) {
        if (!grad_input_read(in, size, 4, "the sizes", error))
            return false;
        h->shape[d] = (size_t)size[0] << 24 | (size_t)size[1] << 16 |
                      (size_t)size[2] << 8 | (size_t)size[3];
    }
    return true;
}

struct grad_tensor *grad_idx_read(struct grad_input *in, size_t limit,
                                  struct grad_error *error)
{
    struct header h;
    size_t bytes;
    char text[GRAD_SHAPE_TEXT];
    if (!grad_input_unpack(in, error) || !read_header(in, &h, error))
        return NULL;
    if (!grad_element_bytes(h.element, h.ndim, h.shape, &bytes) ||
        bytes != grad_input_left(in)) {
        grad_input_fail(in, grad_input_at(in), error,
                        "the header says %s elements of %zu bytes; %llu bytes "
                        "follow it",
                        grad_shape_text(text, h.ndim, h.shape),
                        grad_element_size(h.element),
                        (unsigned long long)grad_input_left(in));
        return NULL;
    }
    if (h.shape[0] > limit)
        h.shape[0] = limit;
    return grad_element_read(in, h.element, true, h.ndim, h.shape, error);
}
