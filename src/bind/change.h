// SPDX-License-Identifier: GPL-3.0-or-later
// Changing a tensor in place: what is checked first, and how Ctrl-C ends it.
#ifndef GRAD_BIND_CHANGE_H
#define GRAD_BIND_CHANGE_H

#include <lua.h>

#include "engine/tensor.h"

// Marks a leaf as wanting a gradient, or not. Raises.
void grad_require_check(lua_State *L, struct grad_tensor *t, bool on);
// Raises where writing into t would lose gradients; `who` begins the message.
void grad_writable_check(lua_State *L, const struct grad_tensor *t,
                         const char *who);

// Long work between these two ends early when Ctrl-C is pressed; the second
// raises then. What was being written is partly old and partly new.
bool grad_stoppable_begin(void);
void grad_stoppable_end(lua_State *L, bool before);
// grad_tensor_fill between the two.
void grad_fill_stoppable(lua_State *L, struct grad_tensor *t, double value);

#endif
