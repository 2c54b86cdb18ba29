// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tensor.h"

#include <stdio.h>
#include <string.h>

#include "engine/autograd.h"
#include "engine/memory.h"

const char *grad_dtype_name(enum grad_dtype dtype)
{
    return dtype == GRAD_FLOAT32 ? "float32" : "float64";
}

// --- storage -----------------------------------------------------------------

// Contents of up to SMALL bytes lie in one block with their header, which takes
// HEADER bytes; up to FEW bytes, a single number for one, share a line of cache
// with what the storage knows about itself.
enum {
    SMALL = 512,
    FEW = 32,
    LINE = GRAD_MEMORY_LINE,
    HEADER = (sizeof(struct grad_tensor) + LINE - 1) / LINE * LINE
};

_Static_assert(sizeof(struct grad_storage) <= LINE - FEW, "they overlap");

// Where the elements begin in a storage.
static inline size_t storage_head(size_t bytes)
{
    return bytes <= FEW ? LINE - FEW : LINE;
}

static inline struct grad_storage *own_storage(struct grad_tensor *t)
{
    return (struct grad_storage *)(void *)((char *)t + HEADER);
}

static inline void *storage_data(struct grad_storage *s)
{
    return (char *)s + storage_head(s->bytes);
}

static inline void storage_init(struct grad_storage *s, size_t bytes,
                                bool behind)
{
    s->refs = behind ? 2 : 1; // the user and, while it lives, the header
    s->version = 0;
    s->bytes = bytes;
    s->shared = false;
    s->behind = behind;
}

static struct grad_storage *storage_new(size_t bytes, struct grad_error *error)
{
    if (bytes > SIZE_MAX / 4) {
        grad_fail_memory(error, bytes);
        return NULL;
    }
    struct grad_storage *s =
        grad_memory_alloc(storage_head(bytes) + bytes, error);
    if (s)
        storage_init(s, bytes, false);
    return s;
}

static inline void storage_release(struct grad_storage *s)
{
    if (!s || --s->refs > 0)
        return;
    size_t block = storage_head(s->bytes) + s->bytes;
    if (s->behind)
        grad_memory_free((char *)s - HEADER, HEADER + block);
    else
        grad_memory_free(s, block);
}

// --- making ------------------------------------------------------------------

static bool too_many(int ndim, const size_t *shape, struct grad_error *error)
{
    char text[GRAD_SHAPE_TEXT];
    return grad_fail(error, GRAD_ERROR_MEMORY,
                     "a tensor of shape %s has more elements than fit",
                     grad_shape_text(text, ndim, shape));
}

static inline bool count_elements(int ndim, const size_t *shape, size_t *numel,
                                  struct grad_error *error)
{
    *numel = 1;
    if (ndim > GRAD_MAX_DIMS)
        return grad_fail(error, GRAD_ERROR_ARGUMENT,
                         "a tensor has at most %d dimensions; got %d",
                         GRAD_MAX_DIMS, ndim);
    for (int d = 0; d < ndim; d++) {
        if (!grad_size_multiply(*numel, shape[d], numel))
            return too_many(ndim, shape, error);
    }
    return true;
}

// Strides are row-major. Field by field: what lies behind ndim stays unset.
static inline void header_init(struct grad_tensor *t, enum grad_dtype dtype,
                               int ndim, const size_t *shape, size_t numel)
{
    t->refs = t->users = 1;
    t->dtype = (uint8_t)dtype;
    t->ndim = (uint8_t)ndim;
    t->slot = 0;
    t->contiguous = true;
    t->requires_grad = t->is_view = t->retains_grad = t->grad_is_zero = false;
    t->has_own = false;
    t->numel = numel;
    t->node = NULL;
    t->grad = NULL;
    t->hooks = NULL;
    ptrdiff_t stride = 1;
    for (int d = ndim - 1; d >= 0; d--) {
        t->shape[d] = shape[d];
        t->stride[d] = stride;
        stride *= (ptrdiff_t)shape[d];
    }
}

// A header without contents.
static struct grad_tensor *header_new(enum grad_dtype dtype, int ndim,
                                      const size_t *shape,
                                      struct grad_error *error)
{
    size_t numel;
    if (!count_elements(ndim, shape, &numel, error))
        return NULL;
    struct grad_tensor *t = grad_memory_alloc(HEADER, error);
    if (t)
        header_init(t, dtype, ndim, shape, numel);
    return t;
}

static inline struct grad_tensor *new_small(enum grad_dtype dtype, int ndim,
                                            const size_t *shape, size_t numel,
                                            size_t bytes,
                                            struct grad_error *error)
{
    struct grad_tensor *t =
        grad_memory_alloc(HEADER + storage_head(bytes) + bytes, error);
    if (!t)
        return NULL;
    header_init(t, dtype, ndim, shape, numel);
    t->has_own = true;
    t->storage = own_storage(t);
    storage_init(t->storage, bytes, true);
    t->data = storage_data(t->storage);
    return t;
}

static struct grad_tensor *new_large(enum grad_dtype dtype, int ndim,
                                     const size_t *shape, size_t numel,
                                     size_t bytes, struct grad_error *error)
{
    struct grad_tensor *t = grad_memory_alloc(HEADER, error);
    if (!t)
        return NULL;
    header_init(t, dtype, ndim, shape, numel);
    t->storage = storage_new(bytes, error);
    if (!t->storage) {
        grad_memory_free(t, HEADER);
        return NULL;
    }
    t->data = storage_data(t->storage);
    return t;
}

static inline struct grad_tensor *new_counted(enum grad_dtype dtype, int ndim,
                                              const size_t *shape, size_t numel,
                                              struct grad_error *error)
{
    size_t bytes;
    if (!grad_size_multiply(numel, grad_dtype_size(dtype), &bytes))
        bytes = SIZE_MAX;
    return bytes <= SMALL ? new_small(dtype, ndim, shape, numel, bytes, error)
                          : new_large(dtype, ndim, shape, numel, bytes, error);
}

struct grad_tensor *grad_tensor_new(enum grad_dtype dtype, int ndim,
                                    const size_t *shape,
                                    struct grad_error *error)
{
    size_t numel;
    if (!count_elements(ndim, shape, &numel, error))
        return NULL;
    return new_counted(dtype, ndim, shape, numel, error);
}

struct grad_tensor *grad_tensor_new_like(const struct grad_tensor *like,
                                         struct grad_error *error)
{
    return new_counted(like->dtype, like->ndim, like->shape, like->numel,
                       error);
}

// --- views -------------------------------------------------------------------

static bool strides_are_contiguous(const struct grad_tensor *t)
{
    ptrdiff_t expected = 1;
    for (int d = t->ndim - 1; d >= 0; d--) {
        if (t->shape[d] != 1 && t->stride[d] != expected)
            return t->numel == 0;
        expected *= (ptrdiff_t)t->shape[d];
    }
    return true;
}

struct grad_tensor *grad_tensor_view(struct grad_tensor *t, int ndim,
                                     const size_t *shape,
                                     const ptrdiff_t *stride, void *data,
                                     struct grad_error *error)
{
    struct grad_tensor *view = header_new(t->dtype, ndim, shape, error);
    if (!view)
        return NULL;
    if (stride) {
        memcpy(view->stride, stride, (size_t)ndim * sizeof *stride);
        view->contiguous = strides_are_contiguous(view);
    }
    view->storage = t->storage;
    view->storage->refs++;
    view->storage->shared = true;
    view->data = data;
    view->is_view = true;
    return view;
}

struct grad_tensor *grad_tensor_alias(struct grad_tensor *t,
                                      struct grad_error *error)
{
    struct grad_tensor *alias = grad_memory_alloc(HEADER, error);
    if (!alias)
        return NULL;
    *alias = *t;
    alias->has_own = false;
    alias->refs = alias->users = 1;
    alias->storage->refs++;
    alias->node = NULL;
    alias->grad = NULL;
    alias->hooks = NULL;
    alias->slot = 0;
    alias->requires_grad = alias->retains_grad = alias->grad_is_zero = false;
    return alias;
}

// --- references --------------------------------------------------------------

void grad_tensor_drop(struct grad_tensor *t)
{
    struct grad_tensor *grad = t->grad;
    struct grad_node *node = t->node;
    if (t->hooks)
        grad_hooks_free(t->hooks);
    if (node)
        grad_node_forget_output(node, t);
    if (t->has_own)
        storage_release(own_storage(t));
    else
        grad_memory_free(t, HEADER);
    grad_tensor_release(grad);
    if (node)
        grad_node_release(node); // in a loop: chains may be long
}

void grad_tensor_drop_contents(struct grad_tensor *t)
{
    storage_release(t->storage);
    t->storage = NULL;
    t->data = NULL;
}

// --- looking -----------------------------------------------------------------

static ptrdiff_t offset_of(const struct grad_tensor *t, size_t index)
{
    if (t->contiguous)
        return (ptrdiff_t)index;
    ptrdiff_t offset = 0;
    for (int d = t->ndim - 1; d >= 0; d--) {
        offset += (ptrdiff_t)(index % t->shape[d]) * t->stride[d];
        index /= t->shape[d];
    }
    return offset;
}

double grad_tensor_get(const struct grad_tensor *t, size_t index)
{
    ptrdiff_t at = offset_of(t, index);
    return t->dtype == GRAD_FLOAT32 ? ((const float *)t->data)[at]
                                    : ((const double *)t->data)[at];
}

void grad_tensor_set(struct grad_tensor *t, size_t index, double value)
{
    ptrdiff_t at = offset_of(t, index);
    if (t->dtype == GRAD_FLOAT32)
        ((float *)t->data)[at] = (float)value;
    else
        ((double *)t->data)[at] = value;
}

char *grad_shape_text(char *text, int ndim, const size_t *shape)
{
    size_t used = (size_t)snprintf(text, GRAD_SHAPE_TEXT, "(");
    for (int d = 0; d < ndim; d++)
        used += (size_t)snprintf(text + used, GRAD_SHAPE_TEXT - used, "%s%zu",
                                 d ? ", " : "", shape[d]);
    snprintf(text + used, GRAD_SHAPE_TEXT - used, ")");
    return text;
}
