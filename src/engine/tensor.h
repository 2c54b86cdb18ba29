// SPDX-License-Identifier: GPL-3.0-or-later
// Tensors: a shape and strides over a piece of counted memory.
//
// Ownership. A function borrows its arguments and returns one new reference,
// or NULL with `error` filled. Every new reference ends in exactly one
// grad_tensor_release. References are counted by the main thread alone.
//
// A graph needs the shapes of all its tensors but the contents of few, so a
// tensor counts two things: `refs`, everybody who holds it, and `users`, those
// among them who need its contents. When the last user has gone the contents
// are freed, while shape, type and place in the graph stay until the last
// holder goes.
//
// Inside the engine dimensions and indices count from 0.
#ifndef GRAD_ENGINE_TENSOR_H
#define GRAD_ENGINE_TENSOR_H

#include <stddef.h>
#include <stdint.h>

#include "engine/error.h"

enum { GRAD_MAX_DIMS = 8 };

enum grad_dtype { GRAD_FLOAT32, GRAD_FLOAT64 };

struct grad_node; // what a tensor was computed by: engine/autograd.h
struct grad_hook;

// Memory that one or more tensors look at. The elements follow in the block: at
// the next line of cache, or, where they are few, in the struct's own line.
// Small ones lie in one block with the tensor that they were made for, which
// is then one of their holders as long as it lives.
struct grad_storage {
    uint32_t refs;
    uint32_t version; // counts the changes in place
    size_t bytes;     // of the elements
    bool shared;      // a view was made of it once
    bool behind;      // a tensor's header lies in front of it
};

struct grad_tensor {
    uint32_t refs;
    uint32_t users;
    uint8_t dtype; // enum grad_dtype
    uint8_t ndim;
    uint8_t slot; // which output of `node` it is
    bool contiguous;
    bool requires_grad;
    bool is_view : 1;
    bool retains_grad : 1; // keep .grad although it is no leaf
    bool grad_is_zero : 1; // .grad counts as zeros, whatever it holds
    bool has_own : 1;      // a storage follows it in its block
    // Entries from ndim on are undefined.
    struct grad_storage *storage; // NULL once the last user has gone
    void *data;                   // first element, inside storage
    size_t numel;
    struct grad_node *node;   // NULL for a leaf
    struct grad_tensor *grad; // NULL until a backward pass has come by
    struct grad_hook *hooks;  // of a leaf; of others they lie in the node
    size_t shape[GRAD_MAX_DIMS];
    ptrdiff_t stride[GRAD_MAX_DIMS]; // in elements
};

static inline size_t grad_dtype_size(enum grad_dtype dtype)
{
    return dtype == GRAD_FLOAT32 ? sizeof(float) : sizeof(double);
}
const char *grad_dtype_name(enum grad_dtype dtype); // "float32"

// --- making ------------------------------------------------------------------

// A contiguous tensor with undefined contents. ndim 0 is a single number.
struct grad_tensor *grad_tensor_new(enum grad_dtype dtype, int ndim,
                                    const size_t *shape,
                                    struct grad_error *error);
// The same type and shape as `like`.
struct grad_tensor *grad_tensor_new_like(const struct grad_tensor *like,
                                         struct grad_error *error);

// --- views, without history: same memory, another shape ----------------------

// `data` must lie inside t's memory.
struct grad_tensor *grad_tensor_view(struct grad_tensor *t, int ndim,
                                     const size_t *shape,
                                     const ptrdiff_t *stride, void *data,
                                     struct grad_error *error);
// The same view of the same memory, as a leaf without history.
struct grad_tensor *grad_tensor_alias(struct grad_tensor *t,
                                      struct grad_error *error);

// --- references --------------------------------------------------------------

// Both counts go up; returns t.
static inline struct grad_tensor *grad_tensor_retain(struct grad_tensor *t)
{
    t->refs++;
    t->users++;
    return t;
}
// A reference that keeps shape and history but not the contents.
static inline struct grad_tensor *
grad_tensor_retain_shape(struct grad_tensor *t)
{
    t->refs++;
    return t;
}
// The end of the last user, and of the last holder: for the two below.
void grad_tensor_drop_contents(struct grad_tensor *t);
void grad_tensor_drop(struct grad_tensor *t);
static inline void grad_tensor_release_shape(struct grad_tensor *t)
{
    if (t && --t->refs == 0)
        grad_tensor_drop(t);
}
// A reference becomes one that keeps only the shape.
static inline void grad_tensor_release_contents(struct grad_tensor *t)
{
    if (--t->users == 0)
        grad_tensor_drop_contents(t);
}
// NULL is fine.
static inline void grad_tensor_release(struct grad_tensor *t)
{
    if (!t)
        return;
    grad_tensor_release_contents(t);
    grad_tensor_release_shape(t);
}
// True where nobody but the caller can see these contents.
static inline bool grad_tensor_is_exclusive(const struct grad_tensor *t)
{
    uint32_t own = t->has_own && t->storage->behind; // it holds itself
    return t->refs == 1 && t->storage->refs == 1 + own;
}

// --- looking -----------------------------------------------------------------

static inline bool grad_tensor_same_shape(const struct grad_tensor *a,
                                          const struct grad_tensor *b)
{
    int d = a->ndim == b->ndim ? a->ndim : -1;
    while (d > 0 && a->shape[d - 1] == b->shape[d - 1])
        d--;
    return d == 0;
}
// One element, by its index in row-major order.
double grad_tensor_get(const struct grad_tensor *t, size_t index);
void grad_tensor_set(struct grad_tensor *t, size_t index, double value);
// "(32, 784)" into a buffer of at least GRAD_SHAPE_TEXT bytes; returns it.
enum { GRAD_SHAPE_TEXT = 200 };
char *grad_shape_text(char *text, int ndim, const size_t *shape);

// Says that the contents have changed: graphs that saved them will notice.
static inline void grad_tensor_touch(struct grad_tensor *t)
{
    t->storage->version++;
}

#endif
