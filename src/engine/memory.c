// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

// Classes: multiples of 64 up to 1 KiB, then four steps to each doubling.
enum { SMALL = GRAD_MEMORY_SMALL, ALIGN = GRAD_MEMORY_LINE };
enum { SMALL_CLASSES = SMALL / ALIGN, STEPS = 4, CLASSES = 256 };
static const size_t huge_page = (size_t)2 << 20;
static const size_t pool_floor = (size_t)128 << 20;

// Under AddressSanitizer nothing is pooled and every block has its exact size,
// so that it sees each overrun and each use after a release.
#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
enum { WATCHED = 1 };
#else
enum { WATCHED = 0 };
#endif

struct grad_memory_quick grad_memory_quick = {.off = WATCHED};
#define stats grad_memory_quick.stats

// Lists of the larger blocks; those of the small ones are in grad_memory_quick.
static struct grad_memory_block *large[CLASSES];
static long fail_countdown = -1;
static bool fail_happened;
static size_t most_live = SIZE_MAX, refusals;

// Class of a request; *size becomes what a block of that class holds.
static unsigned class_of(size_t bytes, size_t *size)
{
    if (bytes <= SMALL) {
        size_t index = bytes ? (bytes - 1) / 64 : 0;
        *size = (index + 1) * 64;
        return (unsigned)index;
    }
    unsigned top = 63u - (unsigned)__builtin_clzll((uint64_t)(bytes - 1));
    size_t step = ((size_t)1 << top) / STEPS;
    size_t above = (bytes - 1 - ((size_t)1 << top)) / step;
    *size = ((size_t)1 << top) + (above + 1) * step;
    return SMALL_CLASSES + (top - 10) * STEPS + (unsigned)above;
}

static struct grad_memory_block **list_of(unsigned class)
{
    return class < SMALL_CLASSES ? &grad_memory_quick.list[class]
                                 : &large[class];
}

static bool planned_failure(void)
{
    if (fail_countdown < 0 || fail_countdown-- > 0)
        return false;
    fail_happened = true;
    return true;
}

static void *system_alloc(size_t size)
{
    bool huge = size >= 2 * huge_page;
    void *block = NULL;
    if (WATCHED)
        return posix_memalign(&block, ALIGN, size) ? NULL : block;
    block = aligned_alloc(huge ? huge_page : ALIGN,
                          huge ? (size + huge_page - 1) / huge_page * huge_page
                               : size);
    if (block && huge)
        madvise(block, size, MADV_HUGEPAGE);
    if (block)
        stats.system++;
    return block;
}

static inline void count_out(size_t size)
{
    stats.live += size;
    stats.allocated += size;
    if (stats.live > stats.peak)
        stats.peak = stats.live;
}

void *grad_memory_alloc_any(size_t bytes, struct grad_error *error)
{
    size_t size = 0;
    if (bytes > SIZE_MAX / 4 || (fail_countdown >= 0 && planned_failure())) {
        grad_fail_memory(error, bytes);
        return NULL;
    }
    struct grad_memory_block **list = list_of(class_of(bytes, &size));
    if (stats.live > most_live || size > most_live - stats.live) {
        refusals++;
        grad_fail_memory(error, bytes);
        return NULL;
    }
    struct grad_memory_block *block = *list;
    if (block) {
        *list = block->next;
    } else {
        block = system_alloc(WATCHED ? bytes : size);
        if (!block) {
            grad_memory_trim();
            block = system_alloc(WATCHED ? bytes : size);
        }
        if (!block) {
            grad_fail_memory(error, bytes);
            return NULL;
        }
        stats.held += size;
    }
    count_out(size);
    return block;
}

void grad_memory_free_any(void *block, size_t bytes)
{
    if (!block)
        return;
    size_t size = 0;
    struct grad_memory_block **list = list_of(class_of(bytes, &size));
    stats.live -= size;
    size_t most = stats.peak > pool_floor ? stats.peak : pool_floor;
    size_t pooled = stats.held - stats.live;
    if (WATCHED || (pooled > most && size > SMALL)) {
        stats.held -= size;
        free(block);
        return;
    }
    struct grad_memory_block *entry = block;
    entry->next = *list;
    *list = entry;
}

struct grad_memory_stats grad_memory_stats(void)
{
    return stats;
}

void grad_memory_reset_peak(void)
{
    stats.peak = stats.live;
}

void grad_memory_trim(void)
{
    for (int class = 0; class < CLASSES; class ++) {
        struct grad_memory_block **list = list_of((unsigned)class);
        while (*list) {
            struct grad_memory_block *block = *list;
            *list = block->next;
            free(block);
        }
    }
    stats.held = stats.live;
}

size_t grad_memory_limit(size_t most)
{
    most_live = most;
    return refusals;
}

void grad_memory_fail_at(long n)
{
    fail_countdown = n;
    fail_happened = false;
    grad_memory_quick.off = WATCHED || n >= 0;
}

bool grad_memory_failed(void)
{
    return fail_happened;
}
