// SPDX-License-Identifier: GPL-3.0-or-later
// The safetensors format: named tensors and a table of texts in one file,
// without code. Eight bytes with the length of a JSON header, the header, the
// elements.
//
// The order of the names in the header is kept in both directions; the
// elements lie with float64 before float32, so that each is aligned.
#ifndef GRAD_IO_SAFETENSORS_H
#define GRAD_IO_SAFETENSORS_H

#include "engine/tensor.h"
#include "io/input.h"
#include "io/output.h"

struct grad_named_tensor {
    const char *name;
    struct grad_tensor *tensor;
};

struct grad_named_text {
    const char *name;
    const char *text;
};

struct grad_safetensors {
    size_t count;
    struct grad_named_tensor *tensors;
    size_t metadata_count;
    struct grad_named_text *metadata;
};

// A new value that owns its tensors and texts, or NULL with `error` filled.
struct grad_safetensors *grad_safetensors_read(struct grad_input *in,
                                               struct grad_error *error);
// NULL is fine.
void grad_safetensors_free(struct grad_safetensors *file);

// Borrows everything. Names must be different and all texts UTF-8. The caller
// commits or abandons `out`.
bool grad_safetensors_write(struct grad_output *out,
                            const struct grad_safetensors *file,
                            struct grad_error *error);

#endif
