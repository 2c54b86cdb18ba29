// SPDX-License-Identifier: GPL-3.0-or-later
// Backward passes that can be taken back. A backward frees what the graph has
// saved; while a hold lasts, the nodes that were there before are only marked
// as spent, and can be made good again. Nodes that come later, such as those of
// a training loop, are freed as always.
#ifndef GRAD_ENGINE_HOLD_H
#define GRAD_ENGINE_HOLD_H

#include <stdbool.h>
#include <stddef.h>

struct grad_node;

// Begins a hold, or lets one that lasts include the nodes made meanwhile.
void grad_hold_begin(void);

// Frees what was spent meanwhile, and ends the hold.
void grad_hold_end(void);

// The nodes that were spent during the hold, in a row that only grows: which of
// them are spent now; and makes the first n what flags says, the others
// unspent.
size_t grad_hold_count(void);
bool grad_hold_is_spent(size_t i);
void grad_hold_restore(const char *flags, size_t n);

// For grad_node_spend: whether the hold keeps what this node has saved.
bool grad_hold_takes(struct grad_node *node);

#endif
