// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/autograd.h"

#include "engine/hold.h"
#include "engine/memory.h"
#include "engine/profile.h"

bool grad_records = true;
static uint64_t sequence;

// --- lifetimes ---------------------------------------------------------------

static size_t node_bytes(int n_in)
{
    return sizeof(struct grad_node) + (size_t)n_in * sizeof(struct grad_input);
}

static inline struct grad_node *node_new(const struct grad_op *op, int n_in,
                                         struct grad_error *error)
{
    struct grad_node *node = grad_memory_alloc(node_bytes(n_in), error);
    if (!node)
        return NULL;
    // Field by field: clearing the whole takes longer than all the rest.
    node->refs = 1;
    node->walk = 0;
    node->sequence = ++sequence;
    node->op = op;
    node->attrs = NULL;
    node->custom = NULL;
    node->hooks = NULL;
    node->spent = node->held = false;
    node->label = (uint16_t)grad_profile.label;
    node->n_out = 0;
    node->n_kept = 0;
    node->n_in = n_in;
    node->saved_out = NULL;
    for (int i = 0; i < GRAD_MAX_OUTPUTS; i++)
        node->output[i] = node->gout[i] = NULL;
    for (int i = 0; i < GRAD_MAX_KEPT; i++)
        node->kept[i] = NULL;
    return node;
}

uint64_t grad_last_sequence(void)
{
    return sequence;
}

void grad_hooks_free(struct grad_hook *hooks)
{
    while (hooks) {
        struct grad_hook *next = hooks->next;
        hooks->free(hooks->context);
        grad_memory_free(hooks, sizeof *hooks);
        hooks = next;
    }
}

// Lets go of contents that only a backward would have needed.
void grad_node_spend(struct grad_node *node)
{
    if (node->spent)
        return;
    node->spent = true;
    if (grad_hold_takes(node))
        return;
    for (int i = 0; i < node->n_in; i++) {
        struct grad_input *in = &node->in[i];
        if (in->saved)
            grad_tensor_release_contents(in->tensor); // the shape stays
        in->saved = false;
    }
    for (int i = 0; i < node->n_kept; i++) {
        grad_tensor_release(node->kept[i]);
        node->kept[i] = NULL;
    }
    grad_tensor_release(node->saved_out);
    node->saved_out = NULL;
}

static void node_free(struct grad_node *node)
{
    for (int i = 0; i < node->n_in; i++) {
        struct grad_input *in = &node->in[i];
        if (in->saved)
            grad_tensor_release(in->tensor);
        else
            grad_tensor_release_shape(in->tensor);
    }
    for (int i = 0; i < node->n_kept; i++)
        grad_tensor_release(node->kept[i]);
    grad_tensor_release(node->saved_out);
    for (int i = 0; i < node->n_out; i++)
        grad_tensor_release(node->gout[i]);
    grad_hooks_free(node->hooks);
    if (node->custom) {
        node->custom->free(node->custom->context);
        grad_memory_free(node->custom, sizeof *node->custom);
    }
    if (node->attrs)
        grad_memory_free(node->attrs, sizeof *node->attrs);
    grad_memory_free(node, node_bytes(node->n_in));
}

// Freeing a node releases its inputs, whose nodes may die in turn: those wait
// in a queue, so that a chain of a million nodes needs no deep stack.
void grad_node_release(struct grad_node *node)
{
    static struct grad_node *dead;
    static bool draining;
    if (!node || --node->refs > 0)
        return;
    node->next = dead;
    dead = node;
    if (draining)
        return;
    draining = true;
    while (dead) {
        struct grad_node *one = dead;
        dead = one->next;
        node_free(one);
    }
    draining = false;
}

void grad_node_forget_output(struct grad_node *node, struct grad_tensor *t)
{
    if (node->output[t->slot] == t)
        node->output[t->slot] = NULL;
}

// --- recording ---------------------------------------------------------------

static void save_input(struct grad_node *node, int i, struct grad_tensor *t,
                       bool contents)
{
    struct grad_input *in = &node->in[i];
    in->tensor = t;
    in->saved = t && contents;
    in->version = t && t->storage ? t->storage->version : 0;
    if (t && contents)
        grad_tensor_retain(t);
    else if (t)
        grad_tensor_retain_shape(t);
}

static void adopt_output(struct grad_node *node, int slot,
                         struct grad_tensor *out)
{
    out->node = node;
    node->refs++;
    out->slot = (uint8_t)slot;
    out->requires_grad = true;
    node->output[slot] = out;
}

// Whether output i is kept for the backward: then it is a list of places, not
// a value, and has no gradient. (Adopted, it would hold the node that keeps
// it, and neither would ever go.)
static bool is_kept(const struct grad_call *call, int i)
{
    for (int k = 0; k < GRAD_MAX_KEPT; k++) {
        if (call->kept[k] == call->out[i])
            return true;
    }
    return false;
}

static bool keep_attrs(struct grad_node *node, const struct grad_attrs *attrs,
                       struct grad_error *error)
{
    if (!attrs)
        return true;
    node->attrs = grad_memory_alloc(sizeof *attrs, error);
    if (node->attrs)
        *node->attrs = *attrs;
    return node->attrs != NULL;
}

static bool keep_output(struct grad_node *node, struct grad_tensor *out,
                        struct grad_error *error)
{
    node->saved_out = grad_tensor_alias(out, error);
    node->saved_out_version = out->storage->version;
    return node->saved_out != NULL;
}

bool grad_record(const struct grad_call *call, int n_out,
                 struct grad_error *error)
{
    const struct grad_op *op = call->op;
    struct grad_node *node = node_new(op, call->n_in, error);
    if (!node)
        return false;
    for (int i = 0; i < call->n_in; i++)
        save_input(node, i, call->in[i],
                   op->n_tensors < 0 ? op->flags & GRAD_SAVE_IN0
                                     : op->flags >> i & 1);
    node->n_out = (uint8_t)n_out;
    if ((op->has_attrs && !keep_attrs(node, call->attrs, error)) ||
        (op->flags & GRAD_SAVE_OUT &&
         !keep_output(node, call->out[0], error))) {
        grad_node_release(node);
        return false;
    }
    for (int i = 0; i < GRAD_MAX_KEPT; i++) {
        if (call->kept[i]) {
            node->kept[i] = grad_tensor_retain(call->kept[i]);
            node->n_kept = (uint16_t)(i + 1);
        }
    }
    for (int i = 0; i < n_out; i++) {
        if (node->n_kept == 0 || !is_kept(call, i))
            adopt_output(node, i, call->out[i]);
    }
    if (node->refs == 1)
        grad_node_release(node);
    else
        node->refs--;
    return true;
}

static const struct grad_op custom_op = {.name = "Function"};

bool grad_record_custom(struct grad_tensor *const *in, int n_in,
                        struct grad_tensor *const *out, int n_out,
                        struct grad_custom *custom, struct grad_error *error)
{
    struct grad_node *node = node_new(&custom_op, n_in, error);
    if (!node) {
        custom->free(custom->context);
        grad_memory_free(custom, sizeof *custom);
        return false;
    }
    for (int i = 0; i < n_in; i++)
        save_input(node, i, in[i], false);
    node->n_out = (uint8_t)n_out;
    node->custom = custom;
    for (int i = 0; i < n_out; i++)
        adopt_output(node, i, out[i]);
    grad_node_release(node);
    return true;
}

bool grad_require(struct grad_tensor *t, bool on, struct grad_error *error)
{
    if (t->node && !on)
        return grad_fail(error, GRAD_ERROR_STATE,
                         "requires_grad: this tensor was computed by %s; only "
                         "a leaf can be switched off. Hint: x:detach()",
                         t->node->op->name);
    t->requires_grad = on;
    return true;
}

// --- hooks -------------------------------------------------------------------

bool grad_add_hook(struct grad_tensor *t, struct grad_hook *hook,
                   struct grad_error *error)
{
    if (!t->requires_grad) {
        hook->next = NULL;
        grad_hooks_free(hook);
        return grad_fail(error, GRAD_ERROR_STATE,
                         "register_hook: this tensor needs no gradient");
    }
    struct grad_hook **list = t->node ? &t->node->hooks : &t->hooks;
    while (*list)
        list = &(*list)->next;
    hook->slot = t->slot;
    hook->next = NULL;
    *list = hook;
    return true;
}
