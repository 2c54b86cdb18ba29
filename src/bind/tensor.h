// SPDX-License-Identifier: GPL-3.0-or-later
// What tensors can do in Lua. The values themselves are in box.h.
#ifndef GRAD_BIND_TENSOR_H
#define GRAD_BIND_TENSOR_H

#include <lua.h>

#include "bind/box.h"

// Raises `error` as a Lua error with the position of the caller. Never
// returns.
int grad_raise(lua_State *L, const struct grad_error *error);

// Reads sizes from a table at `index` or from integers from `index` on; puts
// the index of the first argument behind them into *next. Raises.
int grad_sizes_check(lua_State *L, int index, size_t *shape, int *next);

// Reads {dtype = ..., requires_grad = ...} at `index` (none or nil: defaults).
struct grad_new_options {
    enum grad_dtype dtype;
    bool requires_grad;
};
struct grad_new_options grad_new_options_check(lua_State *L, int index);

// A dimension at `index`, 1-based or negative, as 0-based below ndim. Raises.
int grad_dim_check(lua_State *L, int index, int ndim, const char *who);

// Pushes the sizes as a table.
void grad_shape_push(lua_State *L, const struct grad_tensor *t);
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

// Fills the table on the stack's top with this file's functions and methods.
void grad_tensor_open(lua_State *L);

// For other files of bind: the table of methods of tensors, pushed.
void grad_methods_push(lua_State *L);

#endif
