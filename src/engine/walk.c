// SPDX-License-Identifier: GPL-3.0-or-later
// The walk back over the graph that autograd.c has recorded.
#include "engine/autograd.h"

#include "engine/apply.h"
#include "engine/copy.h"
#include "engine/interrupt.h"
#include "engine/kernel/kernel.h"
#include "engine/memory.h"
#include "engine/profile.h"
#include "engine/thread.h"

static uint64_t walks;
static const struct grad_op *faulty;

void grad_plant_fault(const struct grad_op *op)
{
    faulty = op;
}

// --- sums of gradients -------------------------------------------------------

struct accumulation {
    const struct grad_kernels *kernels;
    const char *from;
    char *to;
    size_t item;
};

static void accumulate_range(void *context, size_t begin, size_t end, int part)
{
    const struct accumulation *a = context;
    a->kernels->accumulate(end - begin, a->from + begin * a->item,
                           a->to + begin * a->item);
}

// *sum += g where both are plain memory of one kind; the usual case.
static bool add_plain(struct grad_tensor *sum, const struct grad_tensor *g)
{
    if (sum->dtype != g->dtype || !sum->contiguous || !g->contiguous ||
        !grad_tensor_same_shape(sum, g))
        return false;
    struct accumulation a = {grad_kernels(g->dtype), g->data, sum->data,
                             grad_dtype_size(g->dtype)};
    grad_parallel(g->numel, 32768, accumulate_range, &a);
    grad_tensor_touch(sum);
    return true;
}

// *sum += g, in place where nobody else looks. Takes over the reference g.
static bool add_gradient(struct grad_tensor **sum, struct grad_tensor *g,
                         bool keep_memory, struct grad_error *error)
{
    struct grad_tensor *pair[2] = {*sum, g};
    const struct grad_op *add = grad_op_get(GRAD_OP_add);
    if ((keep_memory || grad_tensor_is_exclusive(*sum)) && add_plain(*sum, g)) {
        grad_tensor_release(g);
        return true;
    }
    bool before = grad_set_recording(false), ok = true;
    if (keep_memory || grad_tensor_is_exclusive(*sum)) {
        ok = grad_op_apply_inplace(add, pair, 2, NULL, error);
    } else {
        struct grad_tensor *both =
            grad_op_call(GRAD_OP_add, pair, 2, NULL, error);
        ok = both != NULL;
        if (ok) {
            grad_tensor_release(*sum);
            *sum = both;
        }
    }
    grad_set_recording(before);
    grad_tensor_release(g);
    return ok;
}

// Adds g, which is taken over, to the gradient that t shows.
static bool accumulate(struct grad_tensor *t, struct grad_tensor *g,
                       struct grad_error *error)
{
    if (t->grad && !t->grad_is_zero)
        return add_gradient(&t->grad, g, true, error);
    grad_tensor_release(t->grad);
    t->grad_is_zero = false;
    t->grad = g;
    if (grad_tensor_is_exclusive(g) && g->contiguous)
        return true;
    t->grad = grad_tensor_clone(g, error);
    grad_tensor_release(g);
    return t->grad != NULL;
}

// --- gradients of leaves -----------------------------------------------------

struct grad_tensor *grad_tensor_grad(struct grad_tensor *t)
{
    if (t->grad && t->grad_is_zero) {
        t->grad_is_zero = false;
        grad_tensor_fill(t->grad, 0);
    }
    return t->grad;
}

void grad_tensor_set_grad(struct grad_tensor *t, struct grad_tensor *grad)
{
    if (grad)
        grad_tensor_retain(grad);
    grad_tensor_release(t->grad);
    t->grad = grad;
    t->grad_is_zero = false;
}

void grad_zero_grad(struct grad_tensor *t)
{
    if (!t->grad)
        return;
    if (grad_tensor_is_exclusive(t->grad))
        t->grad_is_zero = true;
    else
        grad_tensor_fill(t->grad, 0);
}

// --- hooks -------------------------------------------------------------------

// Runs the hooks of one slot on *g and puts what they return in its place.
static bool run_hooks(struct grad_hook *hook, int slot, struct grad_tensor **g,
                      struct grad_error *error)
{
    for (; hook && *g; hook = hook->next) {
        if (hook->slot != slot)
            continue;
        struct grad_tensor *after = hook->call(hook->context, *g, error);
        if (!after)
            return false;
        grad_tensor_release(*g);
        *g = after;
    }
    return true;
}

// --- the walk ----------------------------------------------------------------

// Leaves with hooks gather their gradient here until the walk is over.
struct late_leaf {
    struct grad_tensor *leaf;
    struct grad_tensor *sum;
    struct late_leaf *next;
};

struct walk {
    uint64_t id;
    bool retain;
    struct grad_node *ready;
    struct late_leaf *late;
};

// Counts for every node below `root` how many consumers it has in this walk.
static void count_consumers(struct walk *walk, struct grad_node *root)
{
    struct grad_node *stack = root;
    root->walk = walk->id;
    root->pending = 0;
    root->next = NULL;
    while (stack) {
        struct grad_node *node = stack;
        stack = node->next;
        for (int i = 0; i < node->n_in; i++) {
            struct grad_tensor *t = node->in[i].tensor;
            struct grad_node *below = t ? t->node : NULL;
            if (!below || !t->requires_grad)
                continue;
            if (below->walk != walk->id) {
                below->walk = walk->id;
                below->pending = 0;
                below->next = stack;
                stack = below;
            }
            below->pending++;
        }
    }
}

static bool check_saved(struct grad_node *node, struct grad_error *error)
{
    if (node->spent)
        return grad_fail(
            error, GRAD_ERROR_STATE,
            "backward: the graph of this %s has been used and freed. Hint: "
            "compute the loss again, or call backward with {retain_graph = "
            "true} the first time",
            node->op->name);
    bool changed = node->saved_out &&
                   node->saved_out->storage->version != node->saved_out_version;
    for (int i = 0; i < node->n_in; i++) {
        const struct grad_input *in = &node->in[i];
        if (in->saved && in->tensor->storage->version != in->version)
            changed = true;
    }
    if (changed)
        return grad_fail(
            error, GRAD_ERROR_STATE,
            "backward: a tensor that %s needs for its gradient was changed in "
            "place after it was used. Hint: use the form without '_', or "
            "change a clone",
            node->op->name);
    return true;
}

static bool deliver_late(struct walk *walk, struct grad_tensor *leaf,
                         struct grad_tensor *g, struct grad_error *error)
{
    for (struct late_leaf *late = walk->late; late; late = late->next) {
        if (late->leaf == leaf)
            return add_gradient(&late->sum, g, false, error);
    }
    struct late_leaf *late = grad_memory_alloc(sizeof *late, error);
    if (!late) {
        grad_tensor_release(g);
        return false;
    }
    *late = (struct late_leaf){grad_tensor_retain_shape(leaf), g, walk->late};
    walk->late = late;
    return true;
}

// Hands g, which is taken over, to the tensor t that it is the gradient of.
static bool deliver(struct walk *walk, struct grad_tensor *t,
                    struct grad_tensor *g, struct grad_error *error)
{
    struct grad_node *below = t->node;
    if (!below)
        return t->hooks ? deliver_late(walk, t, g, error)
                        : accumulate(t, g, error);
    struct grad_tensor **slot = &below->gout[t->slot];
    if (*slot)
        return add_gradient(slot, g, false, error);
    *slot = g;
    return true;
}

static void consumer_done(struct walk *walk, struct grad_node *below)
{
    if (--below->pending > 0)
        return;
    below->next = walk->ready;
    walk->ready = below;
}

static bool plant(struct grad_tensor *g)
{
    for (size_t i = 0; i < g->numel; i++)
        grad_tensor_set(g, i, grad_tensor_get(g, i) * 1.01);
    return true;
}

// The usual node: one output, without hooks, whose gradient nobody keeps.
static inline bool is_plain(const struct grad_node *node)
{
    const struct grad_tensor *out = node->output[0];
    return node->n_out == 1 && !node->hooks && node->gout[0]->contiguous &&
           !(out && out->retains_grad);
}

// Hooks on outputs, and .grad of those outputs that keep theirs.
static bool finish_outputs(struct grad_node *node, struct grad_error *error)
{
    if (is_plain(node))
        return true;
    for (int i = 0; i < node->n_out; i++) {
        if (!node->gout[i])
            continue;
        if (node->hooks && !run_hooks(node->hooks, i, &node->gout[i], error))
            return false;
        struct grad_tensor *out = node->output[i];
        if (out && out->retains_grad &&
            !accumulate(out, grad_tensor_retain(node->gout[i]), error))
            return false;
        if (node->gout[i]->contiguous)
            continue;
        struct grad_tensor *whole = grad_tensor_clone(node->gout[i], error);
        if (!whole)
            return false;
        grad_tensor_release(node->gout[i]);
        node->gout[i] = whole;
    }
    return true;
}

// Sums g down to the shape of the input it belongs to, which had been
// broadcast. Takes over g.
static struct grad_tensor *reduce_to(struct grad_tensor *g,
                                     const struct grad_tensor *like,
                                     struct grad_error *error)
{
    struct grad_attrs attrs = {.count = like->ndim};
    for (int d = 0; d < like->ndim; d++)
        attrs.list[d] = (int64_t)like->shape[d];
    struct grad_tensor *sum =
        grad_op_call(GRAD_OP_sum_to, &g, 1, &attrs, error);
    grad_tensor_release(g);
    return sum;
}

static bool run_backward(struct grad_node *node, struct grad_backward *b,
                         struct grad_error *error)
{
    return node->custom
               ? node->custom->backward(node->custom->context, b, error)
               : node->op->backward(b, error);
}

static bool profiled(struct grad_node *node, struct grad_backward *b,
                     struct grad_error *error)
{
    struct grad_profile_span span;
    grad_profile_begin(&span);
    bool ok = run_backward(node, b, error);
    grad_profile_end(&span, grad_profile_row_of(node->op), node->label, true);
    return ok;
}

// Runs one node's backward and hands out what it gives. `needs` and `gin`
// have room for its inputs.
static bool run_node(struct walk *walk, struct grad_node *node, bool *needs,
                     struct grad_tensor **in, struct grad_tensor **gin,
                     struct grad_error *error)
{
    bool any = node->gout[0] != NULL, ok;
    for (int i = 1; i < node->n_out; i++)
        any |= node->gout[i] != NULL;
    for (int i = 0; i < node->n_in; i++) {
        in[i] = node->in[i].tensor;
        needs[i] = any && in[i] && in[i]->requires_grad;
        gin[i] = NULL;
    }
    struct grad_backward b = {
        node->op,   in,         node->n_in, node->attrs, &node->saved_out,
        node->kept, node->gout, needs,      gin};
    ok = !any || (check_saved(node, error) && finish_outputs(node, error));
    bool before = grad_parallel_may_stop(true);
    if (ok && any)
        ok = grad_profile.on ? profiled(node, &b, error)
                             : run_backward(node, &b, error);
    grad_parallel_may_stop(before);
    ok = ok && grad_interrupt_check(error);
    for (int i = 0; i < node->n_out; i++) {
        grad_tensor_release(node->gout[i]);
        node->gout[i] = NULL;
    }
    for (int i = 0; i < node->n_in; i++) {
        struct grad_tensor *g = gin[i];
        if (!g)
            continue;
        if (ok && node->op == faulty)
            plant(g);
        if (ok && node->op->flags & GRAD_BROADCASTS &&
            !grad_tensor_same_shape(g, in[i])) {
            g = reduce_to(g, in[i], error);
            ok = g != NULL;
        }
        if (g && ok && needs[i])
            ok = deliver(walk, in[i], g, error);
        else
            grad_tensor_release(g);
    }
    if (any && !walk->retain)
        grad_node_spend(node);
    return ok;
}

// The same with room for any number of inputs.
static bool run_any_node(struct walk *walk, struct grad_node *node,
                         struct grad_error *error)
{
    enum { FEW = 8 };
    bool needs_few[FEW];
    struct grad_tensor *few[2 * FEW];
    if (node->n_in <= FEW)
        return run_node(walk, node, needs_few, few, few + FEW, error);
    size_t n = (size_t)node->n_in;
    size_t bytes = n * (2 * sizeof(struct grad_tensor *) + sizeof(bool));
    struct grad_tensor **many = grad_memory_alloc(bytes, error);
    if (!many)
        return false;
    bool ok =
        run_node(walk, node, (bool *)(many + 2 * n), many, many + n, error);
    grad_memory_free(many, bytes);
    return ok;
}

static bool run_all(struct walk *walk, struct grad_error *error)
{
    bool ok = true;
    while (walk->ready) {
        struct grad_node *node = walk->ready;
        walk->ready = node->next;
        if (ok)
            ok = grad_interrupt_check(error) && run_any_node(walk, node, error);
        for (int i = 0; i < node->n_out && !ok; i++) {
            grad_tensor_release(node->gout[i]);
            node->gout[i] = NULL;
        }
        // After a failure the walk goes on, only to empty the nodes below.
        for (int i = 0; i < node->n_in; i++) {
            struct grad_tensor *t = node->in[i].tensor;
            if (t && t->node && t->requires_grad)
                consumer_done(walk, t->node);
        }
    }
    return ok;
}

static bool finish_late_leaves(struct walk *walk, bool ok,
                               struct grad_error *error)
{
    while (walk->late) {
        struct late_leaf *late = walk->late;
        walk->late = late->next;
        ok = ok && run_hooks(late->leaf->hooks, 0, &late->sum, error);
        if (ok)
            ok = accumulate(late->leaf, late->sum, error);
        else
            grad_tensor_release(late->sum);
        grad_tensor_release_shape(late->leaf);
        grad_memory_free(late, sizeof *late);
    }
    return ok;
}

static bool check_seed(struct grad_tensor *t, struct grad_tensor *seed,
                       struct grad_error *error)
{
    char text[GRAD_SHAPE_TEXT], other[GRAD_SHAPE_TEXT];
    if (!t->requires_grad)
        return grad_fail(error, GRAD_ERROR_STATE,
                         "backward: nothing in this tensor's history requires "
                         "a gradient. Hint: x:requires_grad_(true) on the "
                         "leaves, and no no_grad around the forward pass");
    if (!seed && t->numel != 1)
        return grad_fail(error, GRAD_ERROR_ARGUMENT,
                         "backward: a tensor of shape %s is not one number. "
                         "Hint: reduce it first (loss:mean():backward()), or "
                         "give the gradient to start with",
                         grad_shape_text(text, t->ndim, t->shape));
    if (seed && !grad_tensor_same_shape(t, seed))
        return grad_fail(error, GRAD_ERROR_ARGUMENT,
                         "backward: the gradient to start with is %s; "
                         "expected %s, the shape of the tensor",
                         grad_shape_text(other, seed->ndim, seed->shape),
                         grad_shape_text(text, t->ndim, t->shape));
    return true;
}

// A one of t's type and shape, which holds one element.
static struct grad_tensor *new_one(const struct grad_tensor *t,
                                   struct grad_error *error)
{
    struct grad_tensor *one = grad_tensor_new_like(t, error);
    if (one)
        grad_tensor_set(one, 0, 1);
    return one;
}

bool grad_backward(struct grad_tensor *t, struct grad_tensor *seed, bool retain,
                   struct grad_error *error)
{
    if (!check_seed(t, seed, error))
        return false;
    struct grad_tensor *g =
        seed ? grad_tensor_convert(seed, t->dtype, error) : new_one(t, error);
    if (!g)
        return false;
    struct walk walk = {.id = ++walks, .retain = retain};
    bool before = grad_set_recording(false), ok;
    struct grad_node *root = t->node;
    if (root) {
        root->refs++;
        count_consumers(&walk, root);
        root->next = NULL;
        walk.ready = root;
    }
    ok = deliver(&walk, t, g, error);
    if (!ok)
        walk.ready = NULL;
    ok = run_all(&walk, error) && ok;
    ok = finish_late_leaves(&walk, ok, error);
    grad_node_release(root);
    grad_set_recording(before);
    return ok;
}
