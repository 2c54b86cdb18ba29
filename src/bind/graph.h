// SPDX-License-Identifier: GPL-3.0-or-later
// A computation as data: what was computed from what.
#ifndef GRAD_BIND_GRAPH_H
#define GRAD_BIND_GRAPH_H

#include <lua.h>

// Adds graph, op_of and tensor_id to the table on the stack's top.
void grad_graph_open(lua_State *L);

#endif
