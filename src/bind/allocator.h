// SPDX-License-Identifier: GPL-3.0-or-later
// Lua's memory: small blocks from lists of free ones, since a training step
// makes and drops hundreds of little objects.
#ifndef GRAD_BIND_ALLOCATOR_H
#define GRAD_BIND_ALLOCATOR_H

#include <stddef.h>

// A lua_Alloc. Every state of the process shares its lists; states must run on
// one thread.
void *grad_lua_alloc(void *unused, void *block, size_t before, size_t after);

#endif
