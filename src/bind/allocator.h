// SPDX-License-Identifier: GPL-3.0-or-later
// Lua's memory: small blocks from lists of free ones, since a training step
// makes and drops hundreds of little objects.
#ifndef GRAD_BIND_ALLOCATOR_H
#define GRAD_BIND_ALLOCATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A lua_Alloc. Every state of the process shares its lists; states must run on
// one thread.
void *grad_lua_alloc(void *unused, void *block, size_t before, size_t after);

// Userdata whose block has this size are told to `freed` when Lua frees them,
// with the address of their bytes, `payload` behind the block's begin. This
// takes the place of a finalizer, which costs several times as much as what it
// does. `freed` runs in the middle of a collection and must not touch Lua; it
// gets every userdata of that size, whatever it is. Call once, before any.
void grad_lua_watch(size_t size, size_t payload, void (*freed)(void *payload));

// The slabs that hold watched userdata alone, each in the place that its
// address says, where a later one may have driven it out. Theirs is every
// userdata in them; of others this cannot say anything.
enum { GRAD_LUA_SLAB_BITS = 16, GRAD_LUA_SLABS = 64 };
extern uintptr_t grad_lua_watched_slabs[GRAD_LUA_SLABS];
static inline bool grad_lua_is_watched(const void *userdata)
{
    uintptr_t slab = (uintptr_t)userdata >> GRAD_LUA_SLAB_BITS;
    return grad_lua_watched_slabs[slab % GRAD_LUA_SLABS] == slab;
}

// The block, and its size, that the last new userdata of another size got.
size_t grad_lua_last_userdata(void **block);

#endif
