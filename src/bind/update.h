// SPDX-License-Identifier: GPL-3.0-or-later
// Update rules and gradient norms for Lua.
#ifndef GRAD_BIND_UPDATE_H
#define GRAD_BIND_UPDATE_H

#include <lua.h>

// Sets the field "update" of the table on the stack's top: a function for
// each rule, update.NAME(params, state, options). `params` is a list of
// tensors; those without a gradient are skipped. `state` is a table that the
// caller keeps between steps, empty at first: it gets lists by parameter,
// state.step of numbers and others of tensors, such as state.exp_avg.
// `options` may hold more than the rule's own. Further norm, scale and clamp
// of the parameters' gradients, and `rules`, a list of what there is.
void grad_update_open(lua_State *L);

#endif
