// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/hold.h"

#include <stdint.h>
#include <string.h>

#include "engine/autograd.h"
#include "engine/memory.h"

static struct {
    uint64_t until;          // the last node it includes; 0 without a hold
    struct grad_node **node; // each one counted
    size_t count, room;
} hold;

void grad_hold_begin(void)
{
    hold.until = grad_last_sequence();
}

// Where there is no memory for the list the node is freed as without a hold.
static bool make_room(void)
{
    if (hold.count < hold.room)
        return true;
    size_t room = hold.room ? 2 * hold.room : 64;
    struct grad_error error = {0};
    struct grad_node **list =
        grad_memory_alloc(room * sizeof(struct grad_node *), &error);
    if (!list)
        return false;
    if (hold.count > 0)
        memcpy(list, hold.node, hold.count * sizeof(struct grad_node *));
    if (hold.node)
        grad_memory_free(hold.node, hold.room * sizeof(struct grad_node *));
    hold.node = list;
    hold.room = room;
    return true;
}

bool grad_hold_takes(struct grad_node *node)
{
    if (node->sequence > hold.until)
        return false;
    if (node->held)
        return true;
    if (!make_room())
        return false;
    node->held = true;
    node->refs++;
    hold.node[hold.count++] = node;
    return true;
}

size_t grad_hold_count(void)
{
    return hold.count;
}

bool grad_hold_is_spent(size_t i)
{
    return hold.node[i]->spent;
}

void grad_hold_restore(const char *flags, size_t n)
{
    for (size_t i = 0; i < hold.count; i++)
        hold.node[i]->spent = i < n && flags[i];
}

void grad_hold_end(void)
{
    hold.until = 0;
    for (size_t i = 0; i < hold.count; i++) {
        struct grad_node *node = hold.node[i];
        bool spent = node->spent;
        node->held = node->spent = false;
        if (spent)
            grad_node_spend(node);
        grad_node_release(node);
    }
    if (hold.node)
        grad_memory_free(hold.node, hold.room * sizeof(struct grad_node *));
    hold.node = NULL;
    hold.count = hold.room = 0;
}
