// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/allocator.h"

#include <stdlib.h>
#include <string.h>

#include <lua.h>

// Blocks of up to MOST bytes come in steps of STEP, cut from slabs that begin
// at multiples of their size.
enum {
    STEP = 16,
    MOST = 256,
    CLASSES = MOST / STEP,
    SLAB = 1 << GRAD_LUA_SLAB_BITS
};

struct free_block {
    struct free_block *next;
};

struct slab {
    _Alignas(STEP) int boxes; // it holds userdata of the watched size alone
};

// What is cut from: one slab for all sizes, one for the watched userdata.
struct source {
    struct slab *slab;
    size_t left;
};

static struct free_block *lists[CLASSES], *free_boxes;
static struct source plain, boxes;
uintptr_t grad_lua_watched_slabs[GRAD_LUA_SLABS];

static struct {
    size_t size, payload; // of the block, and where the userdata's bytes lie
    void (*freed)(void *payload);
} watched;

void grad_lua_watch(size_t size, size_t payload, void (*freed)(void *payload))
{
    watched.size = size;
    watched.payload = payload;
    watched.freed = freed;
}

static size_t last_size;
static void *last_block;

size_t grad_lua_last_userdata(void **block)
{
    *block = last_block;
    return last_size;
}

static size_t class_of(size_t size)
{
    return (size - 1) / STEP;
}

static void note_slab(const struct slab *slab)
{
    uintptr_t number = (uintptr_t)slab >> GRAD_LUA_SLAB_BITS;
    grad_lua_watched_slabs[number % GRAD_LUA_SLABS] = number;
}

// Cuts a block from a slab; what is left of an old one is lost.
static void *cut(struct source *from, size_t size)
{
    if (from->left < size + sizeof(struct slab)) {
        struct slab *fresh = aligned_alloc(SLAB, SLAB);
        if (!fresh)
            return NULL;
        fresh->boxes = from == &boxes;
        if (fresh->boxes)
            note_slab(fresh);
        from->slab = fresh;
        from->left = SLAB;
    }
    from->left -= size;
    return (char *)from->slab + from->left;
}

static void *take(struct free_block **list, struct source *from, size_t size)
{
    struct free_block *block = *list;
    if (!block)
        return cut(from, size);
    *list = block->next;
    return block;
}

static void *small_alloc(size_t size)
{
    size_t class = class_of(size);
    return take(&lists[class], &plain, (class + 1) * STEP);
}

static bool is_box(const void *block, size_t size)
{
    const struct slab *slab =
        (void *)((uintptr_t)block & ~(uintptr_t)(SLAB - 1));
    return size == watched.size && slab->boxes;
}

static void small_free(void *block, size_t size)
{
    struct free_block *entry = block;
    struct free_block **list = &lists[class_of(size)];
    if (is_box(block, size)) {
        watched.freed((char *)block + watched.payload);
        list = &free_boxes;
    }
    entry->next = *list;
    *list = entry;
}

static void release(void *block, size_t size)
{
    if (size <= MOST)
        small_free(block, size);
    else
        free(block);
}

static void *new_userdata(size_t size)
{
    size_t room = (size + STEP - 1) / STEP * STEP;
    if (size == watched.size)
        return take(&free_boxes, &boxes, room);
    last_size = size;
    return last_block = size <= MOST ? small_alloc(size) : malloc(size);
}

void *grad_lua_alloc(void *unused, void *block, size_t before, size_t after)
{
    if (!block && before == LUA_TUSERDATA && after > 0)
        return new_userdata(after);
    if (!block || before == 0) // `before` tells a type, or the block is empty
        return after == 0      ? NULL
               : after <= MOST ? small_alloc(after)
                               : malloc(after);
    if (after == 0) {
        release(block, before);
        return NULL;
    }
    if (before > MOST && after > MOST)
        return realloc(block, after);
    if (before <= MOST && after <= MOST && class_of(before) == class_of(after))
        return block;
    void *moved = after <= MOST ? small_alloc(after) : malloc(after);
    if (!moved)
        return NULL;
    memcpy(moved, block, before < after ? before : after);
    release(block, before);
    return moved;
}
