// SPDX-License-Identifier: GPL-3.0-or-later
// The arguments of a call from Lua, read as the signature of an op says.
#ifndef GRAD_BIND_SIGNATURE_H
#define GRAD_BIND_SIGNATURE_H

#include <lua.h>

#include "engine/op.h"

// A call while its arguments are read. Numbers that stand for tensors become
// tensors last, when nothing can raise any more.
struct grad_reading {
    lua_State *L;
    const struct grad_op *op;
    int arg;     // next argument on the stack
    int options; // index of the table of named arguments, 0: none
    int n_f, n_i;
    int n_in;
    struct grad_tensor *few[GRAD_MAX_INPUTS];
    struct grad_tensor **in;
    double number[GRAD_MAX_INPUTS];
    unsigned is_number; // bit k: input k is number[k]
    struct grad_attrs attrs;
};

// Reads everything from argument 1 on into r, whose L and op are set. Raises.
void grad_read_arguments(struct grad_reading *r);

#endif
