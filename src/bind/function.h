// SPDX-License-Identifier: GPL-3.0-or-later
// Gradients written in Lua: autograd.Function and hooks.
#ifndef GRAD_BIND_FUNCTION_H
#define GRAD_BIND_FUNCTION_H

#include <lua.h>

// Says which state a walk over the graph is called from, so that Lua code is
// called back there. Returns the one before: hand it back afterwards.
lua_State *grad_callback_state(lua_State *L);

// Adds record_custom to the table on the stack's top, and register_hook to
// the methods of tensors.
void grad_function_open(lua_State *L);

// The state is about to be closed: functions held are forgotten, not let go.
void grad_function_close(void);

#endif
