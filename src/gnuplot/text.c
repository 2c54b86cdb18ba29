// SPDX-License-Identifier: GPL-3.0-or-later
#include "gnuplot/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool grow(struct grad_text *t, size_t more)
{
    if (more > SIZE_MAX / 2 - t->size - 1)
        return false;
    size_t need = t->size + more + 1;
    if (need <= t->room)
        return true;
    size_t room = need < 512 ? 1024 : need * 2;
    char *bytes = realloc(t->bytes, room);
    if (!bytes)
        return false;
    t->bytes = bytes;
    t->room = room;
    return true;
}

bool grad_text_add(struct grad_text *t, const char *bytes, size_t size)
{
    if (!grow(t, size))
        return false;
    memcpy(t->bytes + t->size, bytes, size);
    t->size += size;
    t->bytes[t->size] = '\0';
    return true;
}

void grad_text_drop(struct grad_text *t, size_t size)
{
    if (size == 0)
        return;
    memmove(t->bytes, t->bytes + size, t->size - size);
    t->size -= size;
    t->bytes[t->size] = '\0';
}

void grad_text_clear(struct grad_text *t)
{
    grad_text_drop(t, t->size);
}

void grad_text_free(struct grad_text *t)
{
    free(t->bytes);
    *t = (struct grad_text){0};
}
