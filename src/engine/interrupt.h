// SPDX-License-Identifier: GPL-3.0-or-later
// Ctrl-C: a flag that a signal handler sets and that long work polls.
#ifndef GRAD_ENGINE_INTERRUPT_H
#define GRAD_ENGINE_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

#include "engine/error.h"

// Set by whoever handles SIGINT, cleared by whoever reports the interruption.
extern volatile sig_atomic_t grad_interrupt_flag;

// True while nobody has interrupted; else fills `error` and returns false.
static inline bool grad_interrupt_check(struct grad_error *error)
{
    return !grad_interrupt_flag ||
           grad_fail(error, GRAD_ERROR_INTERRUPTED, "interrupted");
}

#endif
