// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/allocator.h"

#include <stdlib.h>
#include <string.h>

// Blocks of up to MOST bytes come in steps of STEP, cut from slabs.
enum { STEP = 16, MOST = 256, CLASSES = MOST / STEP, SLAB = 64 * 1024 };

struct free_block {
    struct free_block *next;
};

static struct free_block *lists[CLASSES];
static char *slab;
static size_t slab_left;

static size_t class_of(size_t size)
{
    return (size - 1) / STEP;
}

// Cuts a block from the slab; what is left of an old slab is lost.
static void *cut(size_t class)
{
    size_t size = (class + 1) * STEP;
    if (slab_left < size) {
        char *fresh = malloc(SLAB);
        if (!fresh)
            return NULL;
        slab = fresh;
        slab_left = SLAB;
    }
    slab_left -= size;
    return slab + slab_left;
}

static void *small_alloc(size_t size)
{
    size_t class = class_of(size);
    struct free_block *block = lists[class];
    if (!block)
        return cut(class);
    lists[class] = block->next;
    return block;
}

static void small_free(void *block, size_t size)
{
    struct free_block *entry = block;
    entry->next = lists[class_of(size)];
    lists[class_of(size)] = entry;
}

static void release(void *block, size_t size)
{
    if (size <= MOST)
        small_free(block, size);
    else
        free(block);
}

void *grad_lua_alloc(void *unused, void *block, size_t before, size_t after)
{
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
