// SPDX-License-Identifier: GPL-3.0-or-later
// Where time goes: calls and seconds of every op, forward and backward, and of
// what a caller marks with labels. Off unless it is asked for; then each call
// costs two looks at the clock.
#ifndef GRAD_ENGINE_PROFILE_H
#define GRAD_ENGINE_PROFILE_H

#include "engine/op.h"

enum {
    GRAD_PROFILE_LABELS = 1024,
    // Rows behind those of the ops: functions of the user, update rules.
    GRAD_PROFILE_FUNCTION = GRAD_OP_COUNT,
    GRAD_PROFILE_UPDATE,
    GRAD_PROFILE_ROWS
};

// Seconds are its own: what it calls in turn is counted there.
struct grad_profile_row {
    size_t forward_calls, backward_calls;
    double forward, backward;
};

struct grad_profile {
    bool on;
    int label; // of what is called now; a node keeps it for its backward
    struct grad_profile_row row[GRAD_PROFILE_ROWS];
    struct grad_profile_row labelled[GRAD_PROFILE_LABELS];
};
extern struct grad_profile grad_profile;

// Forgets what was measured, and starts.
void grad_profile_start(void);

// Around a piece of work: begin, then end with what begin filled.
struct grad_profile_span {
    double began, outer;
};
void grad_profile_begin(struct grad_profile_span *span);
void grad_profile_end(const struct grad_profile_span *span, int row, int label,
                      bool backward);

// The row of an op; custom functions share one.
int grad_profile_row_of(const struct grad_op *op);

#endif
