// SPDX-License-Identifier: GPL-3.0-or-later
// What tests need and nobody else: planned failures.
#ifndef GRAD_BIND_TESTING_H
#define GRAD_BIND_TESTING_H

#include <lua.h>

// Sets the field "testing" of the table on the stack's top:
//   fail_at(n)    the n-th allocation of tensor memory from now fails (0: the
//                 next); without n, none does
//   failed()      whether that has happened
//   plant(name)   the gradients of this op come out 1 % too large; nil: none
//   live()        bytes of tensors, after all garbage has been collected
void grad_testing_open(lua_State *L);

#endif
