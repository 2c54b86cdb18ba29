// SPDX-License-Identifier: GPL-3.0-or-later
// What functions of several files take and give: sizes, dimensions, options of
// a new tensor.
#ifndef GRAD_BIND_ARGUMENTS_H
#define GRAD_BIND_ARGUMENTS_H

#include <lua.h>

#include "engine/tensor.h"

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

#endif
