// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/box.h"

#include <lauxlib.h>
#include <stdint.h>
#include <string.h>

#include "bind/allocator.h"
#include "engine/memory.h"

// A box is known by this word, which Lua code has no way to write. It has no
// finalizer: the allocator says when Lua frees it (bind/allocator.h).
struct box {
    uint64_t magic;
    struct grad_tensor *tensor;
};

static const uint64_t box_magic = 0x677261647573742e;
static const char metatable_key, methods_key;

int grad_raise(lua_State *L, const struct grad_error *error)
{
    if (error->code == GRAD_ERROR_INTERRUPTED &&
        lua_getfield(L, LUA_REGISTRYINDEX, "gradus.interrupted") != LUA_TNIL)
        return lua_error(L);
    return luaL_error(L, "%s", error->message);
}

static inline struct box *box_at(lua_State *L, int index)
{
    struct box *box = lua_touserdata(L, index);
    if (!box ||
        (!grad_lua_is_watched(box) && lua_rawlen(L, index) != sizeof *box))
        return NULL;
    return box->magic == box_magic ? box : NULL;
}

struct grad_tensor **grad_box_push_with(lua_State *L, int metatable)
{
    struct box *box = lua_newuserdatauv(L, sizeof *box, 0);
    box->magic = box_magic;
    box->tensor = NULL;
    lua_pushvalue(L, metatable);
    lua_setmetatable(L, -2);
    return &box->tensor;
}

void grad_metatable_push(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &metatable_key);
}

void grad_metatable_keep(lua_State *L)
{
    lua_rawsetp(L, LUA_REGISTRYINDEX, &metatable_key);
}

void grad_methods_push(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &methods_key);
}

void grad_methods_keep(lua_State *L)
{
    lua_rawsetp(L, LUA_REGISTRYINDEX, &methods_key);
}

struct grad_tensor **grad_box_push(lua_State *L)
{
    grad_metatable_push(L);
    struct grad_tensor **box = grad_box_push_with(L, lua_gettop(L));
    lua_remove(L, -2);
    return box;
}

static int push_filled(lua_State *L)
{
    struct grad_tensor *t = lua_touserdata(L, 1);
    *grad_box_push(L) = t;
    return 1;
}

void grad_tensor_push(lua_State *L, struct grad_tensor *t)
{
    lua_pushcfunction(L, push_filled);
    lua_pushlightuserdata(L, t);
    if (lua_pcall(L, 1, 1, 0) != LUA_OK) {
        grad_tensor_release(t);
        lua_error(L);
    }
}

struct grad_tensor *grad_tensor_at(lua_State *L, int index)
{
    struct box *box = box_at(L, index);
    return box ? box->tensor : NULL;
}

struct grad_tensor *grad_tensor_check(lua_State *L, int index)
{
    struct box *box = box_at(L, index);
    if (!box)
        luaL_typeerror(L, index, "tensor");
    else if (!box->tensor)
        luaL_argerror(L, index, "this tensor has been closed");
    return box->tensor;
}

static void empty_box(struct box *box)
{
    struct grad_tensor *t = box->tensor;
    box->tensor = NULL;
    grad_tensor_release(t);
}

void grad_box_refill(lua_State *L, int index, struct grad_tensor *t)
{
    struct box *box = box_at(L, index);
    if (!box) {
        grad_tensor_release(t);
        luaL_typeerror(L, index, "tensor");
        return;
    }
    grad_tensor_release(box->tensor);
    box->tensor = t;
}

int grad_box_close(lua_State *L)
{
    struct box *box = box_at(L, 1);
    if (box)
        empty_box(box);
    return 0;
}

// Lua has freed a userdata of a box's size.
static void box_freed(void *payload)
{
    struct box *box = payload;
    if (box->magic == box_magic)
        empty_box(box);
    box->magic = 0; // whoever gets the block next may not fill it at once
}

// Finds out what block a box gets from Lua, and watches for it.
void grad_box_watch(lua_State *L)
{
    void *block, *payload = lua_newuserdatauv(L, sizeof(struct box), 0);
    size_t size = grad_lua_last_userdata(&block);
    grad_lua_watch(size, (size_t)((char *)payload - (char *)block), box_freed);
    memset(payload, 0, sizeof(struct box));
    lua_pop(L, 1);
}

// --- collecting --------------------------------------------------------------

// A young collection after every so many bytes of new tensors; a whole one
// when twice as much is live as the last one left. At the end of a backward
// most of what the step has made is garbage and nothing of it is old yet: then
// fewer bytes are enough, so that the next step finds its memory in the cache.
static const size_t young_step = (size_t)8 << 20;
static const size_t young_after_backward = (size_t)256 << 10;
static const size_t full_floor = (size_t)64 << 20;

static void collect_after(lua_State *L, size_t bytes)
{
    static size_t last_step, next_full;
    size_t allocated = grad_memory_quick.stats.allocated;
    if (allocated - last_step < bytes)
        return;
    last_step = allocated;
    if (next_full < full_floor)
        next_full = full_floor;
    if (grad_memory_stats().live <= next_full) {
        lua_gc(L, LUA_GCSTEP, 0);
        return;
    }
    lua_gc(L, LUA_GCCOLLECT);
    next_full = 2 * grad_memory_stats().live;
}

void grad_collect_check(lua_State *L)
{
    collect_after(L, young_step);
}

void grad_collect_after_backward(lua_State *L)
{
    collect_after(L, young_after_backward);
}
