// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/profile.h"

#include <string.h>
#include <time.h>

struct grad_profile grad_profile;

// Seconds spent in spans that lie inside the one being measured.
static double inside;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void grad_profile_start(void)
{
    memset(&grad_profile, 0, sizeof grad_profile);
    inside = 0;
    grad_profile.on = true;
}

void grad_profile_begin(struct grad_profile_span *span)
{
    span->outer = inside;
    inside = 0;
    span->began = now();
}

static void add(struct grad_profile_row *row, double seconds, bool backward)
{
    *(backward ? &row->backward : &row->forward) += seconds;
    *(backward ? &row->backward_calls : &row->forward_calls) += 1;
}

void grad_profile_end(const struct grad_profile_span *span, int row, int label,
                      bool backward)
{
    double whole = now() - span->began, own = whole - inside;
    inside = span->outer + whole;
    add(&grad_profile.row[row], own, backward);
    add(&grad_profile.labelled[label], own, backward);
}

int grad_profile_row_of(const struct grad_op *op)
{
    return op->forward ? (int)(op - grad_op_get((enum grad_op_id)0))
                       : GRAD_PROFILE_FUNCTION;
}
