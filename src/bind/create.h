// SPDX-License-Identifier: GPL-3.0-or-later
// Making tensors from Lua values.
#ifndef GRAD_BIND_CREATE_H
#define GRAD_BIND_CREATE_H

#include <lua.h>
#include "bind/arguments.h"

// Adds tensor constructors to the table on the stack's top, with their docs
// to its field "docs".
void grad_create_open(lua_State *L);

// A new tensor, its contents not set, in a box at the stack's top. Raises.
struct grad_tensor *grad_new_push(lua_State *L, int ndim, const size_t *shape,
                                  struct grad_new_options options);

#endif
