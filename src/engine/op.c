// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/op.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/ops/ops.h"

// name, signature, flags, forward, backward, variant, sample, doc
#define GRAD_OP(name, signature, flags, forward, backward, variant, sample,    \
                doc)                                                           \
    {#name,                                                                    \
     signature,                                                                \
     flags,                                                                    \
     forward,                                                                  \
     backward,                                                                 \
     variant,                                                                  \
     sample,                                                                   \
     doc,                                                                      \
     0,                                                                        \
     0,                                                                        \
     false,                                                                    \
     0,                                                                        \
     {{"", 0, false, 0, NULL, 0}}},
struct grad_op grad_op_table[GRAD_OP_COUNT] = {
#include "engine/ops.def"
};
#undef GRAD_OP

// --- signatures --------------------------------------------------------------

static const struct {
    const char *name;
    enum grad_param_kind kind;
} kinds[] = {
    {"data", GRAD_PARAM_DATA},     {"tensors", GRAD_PARAM_TENSORS},
    {"number", GRAD_PARAM_NUMBER}, {"int", GRAD_PARAM_INT},
    {"bool", GRAD_PARAM_BOOL},     {"dim", GRAD_PARAM_DIM},
    {"dims", GRAD_PARAM_DIMS},     {"sizes", GRAD_PARAM_SIZES},
    {"index", GRAD_PARAM_INDEX},   {"pair", GRAD_PARAM_PAIR},
};

static enum grad_param_kind kind_of(const char *word, size_t length)
{
    if (length == 0)
        return GRAD_PARAM_TENSOR;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strlen(kinds[i].name) == length &&
            !memcmp(kinds[i].name, word, length))
            return kinds[i].kind;
    }
    return GRAD_PARAM_CHOICE;
}

static double read_fallback(const struct grad_param *p, const char *text)
{
    if (!strncmp(text, "true", 4))
        return 1;
    if (!strncmp(text, "false", 5))
        return 0;
    if (p->kind != GRAD_PARAM_CHOICE)
        return strtod(text, NULL);
    size_t length = strcspn(text, " ");
    double index = 0;
    for (const char *c = p->choices;; c++, index++) {
        size_t n = strcspn(c, "|= ");
        if (n == length && !memcmp(c, text, n))
            return index;
        c += n;
        if (*c != '|')
            return 0;
    }
}

// One parameter of "x w b? stride:pair=1 reduction:mean|sum=mean"; returns
// the end of it.
static const char *read_param(struct grad_param *p, const char *text)
{
    size_t length = strcspn(text, ":?= ");
    snprintf(p->name, sizeof p->name, "%.*s", (int)length, text);
    text += length;
    const char *kind = "";
    size_t kind_length = 0;
    if (*text == ':') {
        kind = ++text;
        kind_length = strcspn(text, "?= ");
        text += kind_length;
    }
    p->kind = kind_of(kind, kind_length);
    if (p->kind == GRAD_PARAM_CHOICE) {
        p->choices = kind;
        p->choices_length = (int)kind_length;
    }
    if (*text == '?') {
        p->optional = true;
        text++;
    }
    if (*text == '=') {
        p->optional = true;
        p->fallback = read_fallback(p, ++text);
        text += strcspn(text, " ");
    }
    return text + strspn(text, " ");
}

static void read_signature(struct grad_op *op)
{
    const char *text = op->signature;
    while (*text && op->n_params < GRAD_MAX_PARAMS) {
        struct grad_param *p = &op->param[op->n_params++];
        text = read_param(p, text);
        if (p->kind == GRAD_PARAM_TENSOR)
            op->promoted |= 1u << op->n_tensors;
        if (p->kind == GRAD_PARAM_TENSORS) {
            op->n_tensors = -1;
            op->promoted = UINT_MAX;
        } else if (p->kind <= GRAD_PARAM_DATA) {
            op->n_tensors++;
        } else {
            op->has_attrs = true;
        }
    }
}

const struct grad_op *grad_op_get(enum grad_op_id id)
{
    struct grad_op *op = &grad_op_table[id];
    if (op->n_params == 0)
        read_signature(op);
    return op;
}

const struct grad_op *grad_op_find(const char *name)
{
    for (int i = 0; i < GRAD_OP_COUNT; i++) {
        if (!strcmp(grad_op_table[i].name, name))
            return grad_op_get((enum grad_op_id)i);
    }
    return NULL;
}

void grad_attrs_default(const struct grad_op *op, struct grad_attrs *attrs)
{
    int f = 0, i = 0;
    *attrs = (struct grad_attrs){.count = -1};
    for (int k = 0; k < op->n_params; k++) {
        const struct grad_param *p = &op->param[k];
        if (p->kind == GRAD_PARAM_NUMBER)
            attrs->f[f++] = p->fallback;
        else if (p->kind == GRAD_PARAM_PAIR)
            attrs->i[i] = attrs->i[i + 1] = (int64_t)p->fallback, i += 2;
        else if (p->kind > GRAD_PARAM_TENSORS && p->kind != GRAD_PARAM_DIMS &&
                 p->kind != GRAD_PARAM_SIZES)
            attrs->i[i++] = (int64_t)p->fallback;
    }
}

bool grad_op_fail(const struct grad_op *op, struct grad_error *error,
                  const char *format, ...)
{
    char text[900];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return grad_fail(error, GRAD_ERROR_ARGUMENT, "%s: %s", op->name, text);
}

struct grad_tensor *grad_backward_buffer(struct grad_backward *b, int k,
                                         struct grad_error *error)
{
    struct grad_tensor *g = b->gout[0];
    if (g->dtype == b->in[k]->dtype && grad_tensor_same_shape(g, b->in[k]) &&
        grad_tensor_is_exclusive(g))
        return grad_tensor_retain(g);
    return grad_tensor_new_like(b->in[k], error);
}
