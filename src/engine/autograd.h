// SPDX-License-Identifier: GPL-3.0-or-later
// The graph that grows while a student computes, and the walk back over it.
//
// A node remembers one call of an op: its inputs (the edges to older nodes),
// what its backward needs of their contents, its attributes. A tensor that
// came out of a recorded call holds its node; a node holds its inputs. So a
// graph lives as long as somebody holds its last tensor, and it is freed in a
// loop, never by recursion.
#ifndef GRAD_ENGINE_AUTOGRAD_H
#define GRAD_ENGINE_AUTOGRAD_H

#include "engine/op.h"

struct grad_input {
    struct grad_tensor *tensor; // NULL for an optional input left out
    uint32_t version;           // of its contents when it was saved
    bool saved;                 // its contents are needed
};

struct grad_node {
    uint32_t refs;
    uint32_t pending;  // during a walk: consumers not yet done
    uint64_t walk;     // the last walk that has seen it
    uint64_t sequence; // nodes count up as they are made
    const struct grad_op *op;
    struct grad_node *next;     // the walk's stack, and the queue of the dead
    struct grad_attrs *attrs;   // NULL where the op has none
    struct grad_custom *custom; // of autograd.Function, else NULL
    struct grad_hook *hooks;    // on outputs
    bool spent;                 // its saved contents have been freed
    bool held;                  // ... unless it is here: engine/hold.h
    uint16_t label;             // of a profile: engine/profile.h
    uint8_t n_out;
    uint16_t n_kept;
    int n_in;
    struct grad_tensor *output[GRAD_MAX_OUTPUTS]; // not counted; NULL when gone
    struct grad_tensor *saved_out;                // where the row saves it
    uint32_t saved_out_version;
    struct grad_tensor *kept[GRAD_MAX_KEPT];
    struct grad_tensor *gout[GRAD_MAX_OUTPUTS]; // during a walk
    struct grad_input in[];
};

// A backward written outside the engine. `backward` is called as an op's is,
// `free` once when the node goes.
struct grad_custom {
    void *context;
    bool (*backward)(void *context, struct grad_backward *b,
                     struct grad_error *error);
    void (*free)(void *context);
};

// A function that sees a gradient when it is complete, and may replace it: it
// returns a new reference, to `gradient` itself where nothing changes.
struct grad_hook {
    struct grad_hook *next;
    int slot;
    void *context;
    struct grad_tensor *(*call)(void *context, struct grad_tensor *gradient,
                                struct grad_error *error);
    void (*free)(void *context);
};

// --- recording ---------------------------------------------------------------

// Whether calls are recorded at all: no_grad switches it off. The variable is
// these two functions' alone.
extern bool grad_records;
static inline bool grad_recording(void)
{
    return grad_records;
}
// Returns what it was before.
static inline bool grad_set_recording(bool on)
{
    bool before = grad_records;
    grad_records = on;
    return before;
}

// Records a call that has just run, and makes its outputs non-leaves.
bool grad_record(const struct grad_call *call, int n_out,
                 struct grad_error *error);

// Marks a leaf. Fails on a tensor that came out of an op.
bool grad_require(struct grad_tensor *t, bool on, struct grad_error *error);

// Records outputs that some code outside computed from `in`; `custom` is
// taken over, also on failure.
bool grad_record_custom(struct grad_tensor *const *in, int n_in,
                        struct grad_tensor *const *out, int n_out,
                        struct grad_custom *custom, struct grad_error *error);

// --- the walk ----------------------------------------------------------------

// Adds the gradient of t to all leaves below it. `seed` is the gradient to
// start with, NULL for 1 (then t must hold one number). Unless `retain`, the
// graph gives its saved contents free on the way.
bool grad_backward(struct grad_tensor *t, struct grad_tensor *seed, bool retain,
                   struct grad_error *error);

// t's gradient, or NULL; borrowed. Zeros are written out if they are due.
struct grad_tensor *grad_tensor_grad(struct grad_tensor *t);
// Takes a new reference to `grad` (NULL: none).
void grad_tensor_set_grad(struct grad_tensor *t, struct grad_tensor *grad);
// Makes the gradient zeros, lazily where nobody else looks at it.
void grad_zero_grad(struct grad_tensor *t);

// Calls back when t's gradient is complete in a walk. `hook` is taken over.
bool grad_add_hook(struct grad_tensor *t, struct grad_hook *hook,
                   struct grad_error *error);

// For tests: the gradients of this op come out 1 % too large; NULL: none.
void grad_plant_fault(const struct grad_op *op);

// --- lifetimes, for tensor.c and walk.c --------------------------------------

// Lets go of contents that only a backward would have needed.
void grad_node_spend(struct grad_node *node);
uint64_t grad_last_sequence(void);
void grad_node_release(struct grad_node *node);
void grad_node_forget_output(struct grad_node *node, struct grad_tensor *t);
void grad_hooks_free(struct grad_hook *hooks);

#endif
