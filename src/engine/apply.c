// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/apply.h"

#include <string.h>

#include "engine/autograd.h"
#include "engine/copy.h"
#include "engine/interrupt.h"
#include "engine/memory.h"
#include "engine/profile.h"
#include "engine/thread.h"

// Inputs as the forward wants them: one type, contiguous where asked. Those
// that had to be changed are new references, marked in `made`.
struct ready {
    struct grad_tensor **in;
    bool *made;
    int n;
};

static inline bool is_promoted(const struct grad_op *op, int k)
{
    return op->promoted >> (k % GRAD_PROMOTED_BITS) & 1;
}

// The type that all differentiable inputs are brought to: that of those with
// dimensions before that of single numbers, and the wider one.
static enum grad_dtype common_dtype(const struct grad_op *op,
                                    struct grad_tensor *const *in, int n)
{
    enum grad_dtype with = GRAD_FLOAT32, without = GRAD_FLOAT32;
    bool any = false;
    for (int k = 0; k < n; k++) {
        if (!in[k] || !is_promoted(op, k))
            continue;
        if (in[k]->ndim > 0) {
            any = true;
            with = in[k]->dtype > with ? in[k]->dtype : with;
        } else {
            without = in[k]->dtype > without ? in[k]->dtype : without;
        }
    }
    return any ? with : without;
}

static bool replace(struct ready *r, int k, enum grad_op_id id,
                    const struct grad_attrs *attrs, struct grad_error *error)
{
    struct grad_tensor *t = grad_op_call(id, &r->in[k], 1, attrs, error);
    if (!t)
        return false;
    if (r->made[k])
        grad_tensor_release(r->in[k]);
    r->in[k] = t;
    r->made[k] = true;
    return true;
}

static bool make_ready(const struct grad_op *op, struct ready *r,
                       struct grad_error *error)
{
    enum grad_dtype dtype = common_dtype(op, r->in, r->n);
    for (int k = 0; k < r->n; k++) {
        struct grad_tensor *t = r->in[k];
        if (!t)
            continue;
        if (t->dtype != dtype && is_promoted(op, k)) {
            struct grad_attrs attrs = {.i = {dtype}};
            if (!replace(r, k, GRAD_OP_to, &attrs, error))
                return false;
        }
        if (!r->in[k]->contiguous && (op->flags & GRAD_CONTIGUOUS) &&
            !replace(r, k, GRAD_OP_contiguous, NULL, error))
            return false;
    }
    return true;
}

static void release_ready(struct ready *r)
{
    for (int k = 0; k < r->n; k++) {
        if (r->made[k])
            grad_tensor_release(r->in[k]);
    }
}

// Whether the inputs can be used as they are, which is the usual case; and
// whether a gradient may be wanted for one of them.
static inline bool is_ready(const struct grad_op *op,
                            struct grad_tensor *const *in, int n, bool *tracked)
{
    bool ready = true, wants_contiguous = op->flags & GRAD_CONTIGUOUS;
    int dtype = -1;
    *tracked = false;
    for (int k = 0; k < n; k++) {
        const struct grad_tensor *t = in[k];
        if (!t)
            continue;
        ready &= t->contiguous || !wants_contiguous;
        if (!is_promoted(op, k))
            continue;
        *tracked |= t->requires_grad;
        ready &= dtype < 0 || t->dtype == dtype;
        dtype = t->dtype;
    }
    return ready;
}

static bool profiled(struct grad_call *call, struct grad_error *error)
{
    struct grad_profile_span span;
    grad_profile_begin(&span);
    bool ok = call->op->forward(call, error);
    grad_profile_end(&span, grad_profile_row_of(call->op), grad_profile.label,
                     false);
    return ok;
}

static inline int count_outputs(struct grad_tensor *const *out)
{
    int n = 0;
    while (n < GRAD_MAX_OUTPUTS && out[n])
        n++;
    return n;
}

static inline int run_ready(const struct grad_op *op,
                            struct grad_tensor *const *in, int n_in,
                            const struct grad_attrs *attrs, bool tracked,
                            struct grad_tensor **out, struct grad_error *error)
{
    struct grad_call call; // field by field, which is quicker than clearing
    call.op = op;
    call.in = in;
    call.n_in = n_in;
    call.attrs = attrs;
    call.records = tracked && op->backward && grad_recording();
    call.out = out;
    for (int i = 0; i < GRAD_MAX_OUTPUTS; i++)
        out[i] = NULL;
    for (int i = 0; i < GRAD_MAX_KEPT; i++)
        call.kept[i] = NULL;
    bool before = grad_parallel_may_stop(true);
    bool ok =
        grad_profile.on ? profiled(&call, error) : op->forward(&call, error);
    grad_parallel_may_stop(before);
    ok = ok && grad_interrupt_check(error);
    int n_out = count_outputs(out);
    if (ok && call.records)
        ok = grad_record(&call, n_out, error);
    for (int i = 0; i < GRAD_MAX_KEPT; i++) {
        if (call.kept[i])
            grad_tensor_release(call.kept[i]);
    }
    for (int i = 0; i < GRAD_MAX_OUTPUTS && !ok; i++)
        grad_tensor_release(out[i]);
    return ok ? n_out : 0;
}

static int run_unready(const struct grad_op *op, struct grad_tensor *const *in,
                       int n_in, const struct grad_attrs *attrs, bool tracked,
                       struct grad_tensor **out, struct grad_error *error)
{
    size_t bytes = (size_t)n_in * (sizeof(struct grad_tensor *) + sizeof(bool));
    struct ready r = {grad_memory_alloc(bytes, error), NULL, n_in};
    if (!r.in)
        return 0;
    r.made = (bool *)(r.in + n_in);
    memcpy(r.in, in, (size_t)n_in * sizeof *in);
    memset(r.made, 0, (size_t)n_in * sizeof *r.made);
    int n_out = 0;
    if (make_ready(op, &r, error))
        n_out = run_ready(op, r.in, n_in, attrs, tracked, out, error);
    release_ready(&r);
    grad_memory_free(r.in, bytes);
    return n_out;
}

int grad_op_apply(const struct grad_op *op, struct grad_tensor *const *in,
                  int n_in, const struct grad_attrs *attrs,
                  struct grad_tensor **out, struct grad_error *error)
{
    struct grad_attrs defaults;
    if (!attrs && op->has_attrs) {
        grad_attrs_default(op, &defaults);
        attrs = &defaults;
    }
    bool tracked;
    if (is_ready(op, in, n_in, &tracked))
        return run_ready(op, in, n_in, attrs, tracked, out, error);
    return run_unready(op, in, n_in, attrs, tracked, out, error);
}

struct grad_tensor *grad_op_call(enum grad_op_id id,
                                 struct grad_tensor *const *in, int n_in,
                                 const struct grad_attrs *attrs,
                                 struct grad_error *error)
{
    struct grad_tensor *out[GRAD_MAX_OUTPUTS];
    int n = grad_op_apply(grad_op_get(id), in, n_in, attrs, out, error);
    for (int i = 1; i < n; i++)
        grad_tensor_release(out[i]);
    return n ? out[0] : NULL;
}

// --- in place ----------------------------------------------------------------

static bool check_inplace(const struct grad_op *op, struct grad_tensor *x,
                          bool tracked, struct grad_error *error)
{
    if (!tracked)
        return true;
    if (x->requires_grad && !x->node)
        return grad_fail(
            error, GRAD_ERROR_STATE,
            "%s_: a leaf that requires a gradient cannot be changed in place "
            "while operations are recorded. Hint: autograd.no_grad(function() "
            "... end)",
            op->name);
    if (x->storage->shared)
        return grad_fail(
            error, GRAD_ERROR_STATE,
            "%s_: this tensor shares its memory with a view, and its history "
            "is recorded; changing it in place would lose a gradient. Hint: "
            "use %s without '_'",
            op->name, op->name);
    return true;
}

// x's place in the graph moves to a tensor of its own, so that x can become
// the output of the node for the change. A new reference.
static struct grad_tensor *split_history(struct grad_tensor *x,
                                         struct grad_error *error)
{
    struct grad_tensor *old = grad_tensor_alias(x, error);
    if (!old || !x->node)
        return old;
    old->node = x->node;
    old->slot = x->slot;
    old->requires_grad = true;
    if (x->node->output[x->slot] == x)
        x->node->output[x->slot] = old;
    x->node = NULL;
    x->slot = 0;
    return old;
}

// x takes over the node that `out` came from.
static void take_history(struct grad_tensor *x, struct grad_tensor *out)
{
    if (!out->node)
        return;
    x->node = out->node;
    x->slot = out->slot;
    x->requires_grad = true;
    x->node->output[x->slot] = x;
    out->node = NULL;
}

bool grad_op_apply_inplace(const struct grad_op *op,
                           struct grad_tensor *const *in, int n_in,
                           const struct grad_attrs *attrs,
                           struct grad_error *error)
{
    struct grad_tensor *x = in[0], *own[GRAD_MAX_INPUTS];
    struct grad_tensor *outs[GRAD_MAX_OUTPUTS], *out;
    bool tracked = false;
    for (int k = 0; k < n_in; k++) {
        own[k] = in[k];
        tracked |= in[k] && in[k]->requires_grad;
    }
    tracked = tracked && grad_recording();
    if (!check_inplace(op, x, tracked, error))
        return false;
    if (tracked) {
        own[0] = split_history(x, error);
        if (!own[0])
            return false;
        for (int k = 1; k < n_in; k++)
            own[k] = in[k] == x ? own[0] : in[k];
    }
    bool ok = grad_op_apply(op, own, n_in, attrs, outs, error) > 0;
    out = outs[0];
    if (ok && !grad_tensor_same_shape(out, x)) {
        char a[GRAD_SHAPE_TEXT], b[GRAD_SHAPE_TEXT];
        ok = grad_fail(error, GRAD_ERROR_ARGUMENT,
                       "%s_: the result is %s; it does not fit into a tensor "
                       "of shape %s",
                       op->name, grad_shape_text(a, out->ndim, out->shape),
                       grad_shape_text(b, x->ndim, x->shape));
        grad_tensor_release(out);
    }
    if (ok) {
        ok = grad_tensor_copy(x, out, error);
        take_history(x, out);
        grad_tensor_release(out);
    }
    if (tracked) {
        if (!ok && own[0]->node && !x->node)
            take_history(x, own[0]);
        grad_tensor_release(own[0]);
    }
    return ok;
}
