// SPDX-License-Identifier: GPL-3.0-or-later
// The op table: every operation on tensors that autograd can know is one row
// of ops.def. The enum, the dispatch, the Lua binding, the help text and the
// tests that every op must pass are made from these rows.
//
// Adding an op: one row in ops.def, one forward and one backward function side
// by side in a file of src/engine/ops/.
#ifndef GRAD_ENGINE_OP_H
#define GRAD_ENGINE_OP_H

#include "engine/tensor.h"

enum {
    GRAD_MAX_INPUTS = 6, // of a fixed op; a list may be longer
    GRAD_MAX_OUTPUTS = 4,
    GRAD_MAX_KEPT = 4, // extra tensors a forward keeps for its backward
    GRAD_MAX_PARAMS = 12,
    GRAD_PROMOTED_BITS = 32
};

// What is not a tensor in a call, in the order of the signature: numbers go to
// f; integers, flags, choices and dimensions to i (a pair takes two); one list
// (dimensions or sizes) to list, count -1 where it was left out.
struct grad_attrs {
    double f[6];
    int64_t i[12];
    int64_t list[GRAD_MAX_DIMS];
    int count;
};

// A call while its forward runs. The forward fills out[], which has room for
// GRAD_MAX_OUTPUTS, and kept[] with new references. Inputs are borrowed; an
// optional one that was left out is NULL. An output that is kept too is a list
// of places, which has no gradient.
struct grad_call {
    const struct grad_op *op;
    struct grad_tensor *const *in;
    int n_in;
    const struct grad_attrs *attrs;
    bool records; // a backward may follow: keep what it needs
    struct grad_tensor **out;
    struct grad_tensor *kept[GRAD_MAX_KEPT];
};

// A node while its backward runs. in[k] always has shape and type; its
// contents are there only where the row saves input k. out[k] is there only
// where the row saves the output. gout[k] is contiguous; it is NULL where an
// op of several outputs got no gradient for that one. For each k with
// needs[k], the backward puts a new reference into gin[k]: the gradient for
// input k, of in[k]'s shape (or of gout's, see `reduce` below).
struct grad_backward {
    const struct grad_op *op;
    struct grad_tensor *const *in;
    int n_in;
    const struct grad_attrs *attrs;
    struct grad_tensor *const *out;
    struct grad_tensor *const *kept;
    struct grad_tensor *const *gout;
    const bool *needs;
    struct grad_tensor **gin;
};

typedef bool (*grad_forward_fn)(struct grad_call *call,
                                struct grad_error *error);
typedef bool (*grad_backward_fn)(struct grad_backward *b,
                                 struct grad_error *error);

// What a row says about its op beside its functions.
enum grad_op_flags {
    GRAD_SAVE_IN0 = 1 << 0,
    GRAD_SAVE_IN1 = 1 << 1,
    GRAD_SAVE_IN2 = 1 << 2,
    GRAD_SAVE_IN3 = 1 << 3,
    GRAD_SAVE_ALL_IN = 0x3f,
    GRAD_SAVE_OUT = 1 << 6,
    GRAD_CONTIGUOUS = 1 << 7, // inputs are made contiguous before the call
    GRAD_BROADCASTS = 1 << 8, // a gin of the outputs' shape is summed down
    GRAD_INPLACE = 1 << 9,    // a form name_ exists that writes into input 0
    GRAD_IS_VIEW = 1 << 10,   // the output looks at the input's memory
    GRAD_METHOD = 1 << 11,    // also a method: x:name(...)
    GRAD_HIDDEN = 1 << 12     // used by the library, not listed in help
};

enum grad_param_kind {
    GRAD_PARAM_TENSOR,  // x    differentiable; dtypes are promoted to one
    GRAD_PARAM_DATA,    // x:data    labels, indices, masks: any dtype, as is
    GRAD_PARAM_TENSORS, // x:tensors    a list; must be the only tensor
    GRAD_PARAM_NUMBER,  // n:number
    GRAD_PARAM_INT,     // n:int
    GRAD_PARAM_BOOL,    // keepdim:bool
    GRAD_PARAM_DIM,     // dim:dim    1-based or negative outside, 0-based here
    GRAD_PARAM_DIMS,    // dims:dims    a dimension or a table of them
    GRAD_PARAM_SIZES,   // shape:sizes    a table of sizes or all that follow
    GRAD_PARAM_INDEX,   // i:index    1-based or negative outside; as is here
    GRAD_PARAM_PAIR,    // stride:pair    one integer or two
    GRAD_PARAM_CHOICE   // reduction:mean|sum|none    0, 1, 2 here
};

struct grad_param {
    char name[24];
    enum grad_param_kind kind;
    bool optional;       // "?" or a default
    double fallback;     // the default of a number, flag or choice
    const char *choices; // "mean|sum|none", where kind is CHOICE
    int choices_length;
};

struct grad_op {
    const char *name;
    const char *signature; // as in ops.def
    unsigned flags;
    grad_forward_fn forward;
    grad_backward_fn backward; // NULL where it has no gradient
    int variant;               // tells siblings that share their functions
    const char *sample;        // arguments for the tests, as Lua code
    const char *doc;
    // Worked out from the signature when first asked for:
    int n_params;
    int n_tensors; // leading tensor parameters; -1: a list
    bool has_attrs;
    unsigned promoted; // bit k: input k is brought to the common type; all of
                       // a list
    struct grad_param param[GRAD_MAX_PARAMS];
};

enum grad_op_id {
#define GRAD_OP(name, ...) GRAD_OP_##name,
#include "engine/ops.def"
#undef GRAD_OP
    GRAD_OP_COUNT
};

// The rows. They are complete once grad_op_get has been asked for each.
extern struct grad_op grad_op_table[GRAD_OP_COUNT];
// The row of an op; it lives for ever.
const struct grad_op *grad_op_get(enum grad_op_id id);
// By name, or NULL.
const struct grad_op *grad_op_find(const char *name);

// Attributes filled with an op's defaults.
void grad_attrs_default(const struct grad_op *op, struct grad_attrs *attrs);

// --- for the functions of src/engine/ops/ ------------------------------------

// For errors: always false. The message begins with the op's name.
bool grad_op_fail(const struct grad_op *op, struct grad_error *error,
                  const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// Memory for gin[k]: gout[0] itself where nobody else holds it and the shape
// is the same, else a new tensor of in[k]'s shape. A new reference.
struct grad_tensor *grad_backward_buffer(struct grad_backward *b, int k,
                                         struct grad_error *error);

#endif
