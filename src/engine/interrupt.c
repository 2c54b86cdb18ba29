// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interrupt.h"

volatile sig_atomic_t grad_interrupt_flag;

bool grad_interrupt_check(struct grad_error *error)
{
    if (!grad_interrupt_flag)
        return true;
    return grad_fail(error, GRAD_ERROR_INTERRUPTED, "interrupted");
}
