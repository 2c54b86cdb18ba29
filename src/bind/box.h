// SPDX-License-Identifier: GPL-3.0-or-later
// Tensors as Lua values: a full userdata, the box, that owns one reference.
//
// The rule at this border: check all arguments first, make the boxes of the
// results next, call the engine last, and raise at one exit with nothing
// unowned.
#ifndef GRAD_BIND_BOX_H
#define GRAD_BIND_BOX_H

#include <lua.h>

#include "engine/tensor.h"

// Raises `error` as a Lua error with the position of the caller. Never
// returns.
int grad_raise(lua_State *L, const struct grad_error *error);

// An empty box on the stack. Fill it with a new reference: *box = t.
struct grad_tensor **grad_box_push(lua_State *L);
// The same where the metatable of tensors is at a known index.
struct grad_tensor **grad_box_push_with(lua_State *L, int metatable);
void grad_metatable_push(lua_State *L);
// The same as grad_box_push filled with t, which is taken over. Raises when Lua
// is out of memory; t is released then.
void grad_tensor_push(lua_State *L, struct grad_tensor *t);

// The tensor at a stack index, borrowed, or NULL where there is none.
struct grad_tensor *grad_tensor_at(lua_State *L, int index);
// The same; raises where there is none.
struct grad_tensor *grad_tensor_check(lua_State *L, int index);

// Puts a new reference into the box at an index, which was closed.
void grad_box_refill(lua_State *L, int index, struct grad_tensor *t);

// Collects garbage in step with the memory of tensors, which Lua cannot see.
// Call it where nothing is unowned.
void grad_collect_check(lua_State *L);
// The same at the end of a backward.
void grad_collect_after_backward(lua_State *L);

// The table of methods of tensors, pushed.
void grad_methods_push(lua_State *L);

// For the metatable of tensors: its __close; what is on the stack's top, taken,
// is that metatable, or the methods, from now on; and, before the first box,
// boxes are watched for.
int grad_box_close(lua_State *L);
void grad_metatable_keep(lua_State *L);
void grad_methods_keep(lua_State *L);
void grad_box_watch(lua_State *L);

#endif
