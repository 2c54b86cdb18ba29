// SPDX-License-Identifier: GPL-3.0-or-later
// Update rules: what an optimiser's step does to parameters, given their
// gradients. One call updates all parameters in one loop over their elements,
// on several threads where there are many.
//
// A rule is a row of a table: its options with their defaults, and the names
// of the state tensors it keeps for each parameter. The caller owns that
// state: tensors of the parameter's shape and type, zeros at first.
#ifndef GRAD_ENGINE_UPDATE_H
#define GRAD_ENGINE_UPDATE_H

#include "engine/tensor.h"

enum {
    GRAD_UPDATE_STATES = 3,
    GRAD_UPDATE_OPTIONS = 16,
    GRAD_UPDATE_COEFFICIENTS = 11
};

struct grad_update_rule {
    const char *name; // "adam"
    const char *doc;
    // Names and defaults; a NULL name ends the list. Flags are 0 or 1.
    struct {
        const char *name;
        double fallback;
    } option[GRAD_UPDATE_OPTIONS];
    // Which state tensors these options ask for, by place; names of the rest
    // are NULL. Returns which loop of kernel/update.def does it.
    int (*plan)(const double *option, const char **state);
    // Which state tensor starts as lr instead of 0; -1: none.
    int starts_as_lr;
    // Coefficients of step number `step` (from 1), k[4] on. `product` is a
    // number kept for each parameter, 1 at first.
    void (*prepare)(const double *option, double step, double *product,
                    double *k);
};

// The rows; a NULL name ends them.
extern const struct grad_update_rule grad_update_rules[];

// One parameter in a step. Everything is contiguous and of one type and size.
struct grad_update_slot {
    struct grad_tensor *w;
    const struct grad_tensor *g;
    void *state[GRAD_UPDATE_STATES];
    int index;    // the caller's own
    size_t first; // elements of the slots before it; filled by the run
    double step;  // steps of this parameter, this one included
    double product;
    double k[GRAD_UPDATE_COEFFICIENTS];
};

// Does the step. Cannot fail. `options` holds a value for each of the rule's
// options; `kind` is what its plan returned.
void grad_update_run(const struct grad_update_rule *rule, int kind,
                     const double *options, struct grad_update_slot *slots,
                     size_t n);

// The p-norm of several tensors as if they were one vector; p may be INFINITY.
double grad_update_norm(struct grad_tensor *const *t, size_t n, double p);
// Multiplies, and holds within [-limit, limit], every element.
void grad_update_scale(struct grad_tensor *const *t, size_t n, double scale);
void grad_update_clamp(struct grad_tensor *const *t, size_t n, double limit);

#endif
