// SPDX-License-Identifier: GPL-3.0-or-later
// What tensors can do in Lua. The values themselves are in box.h.
#ifndef GRAD_BIND_TENSOR_H
#define GRAD_BIND_TENSOR_H

#include <lua.h>

// Fills the table on the stack's top with this file's functions and methods.
void grad_tensor_open(lua_State *L);

#endif
