// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interrupt.h"

volatile sig_atomic_t grad_interrupt_flag;
