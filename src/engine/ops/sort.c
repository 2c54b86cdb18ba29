// SPDX-License-Identifier: GPL-3.0-or-later
// Sorting along a dimension: each element becomes a whole number that is in
// order where the elements are (kernel/along.inc), and those are dealt into
// 256 piles, byte by byte from the lowest. That keeps the order of equal
// elements and takes as long for n elements whatever they are. Many lines are
// shared out among the threads; of one long line each thread deals a chunk.
#include "engine/ops/along.h"

#include <string.h>

#include "engine/interrupt.h"
#include "engine/memory.h"
#include "engine/thread.h"

enum { SHORT = 48, PILES = 256, CHUNK = 65536 };

typedef struct grad_sort_entry entry;

// Short lines: each entry goes back to its place among those before it.
static void sort_short(entry *e, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        entry one = e[i];
        size_t k = i;
        for (; k > 0 && e[k - 1].key > one.key; k--)
            e[k] = e[k - 1];
        e[k] = one;
    }
}

// One round over a line: by the byte at `shift`, in chunks with piles of
// their own.
struct deal {
    const entry *from;
    entry *to;
    size_t n, chunk;
    int shift;
    size_t (*pile)[PILES]; // of each chunk: counted, then where it begins
};

static void count_chunks(void *context, size_t begin, size_t end, int part)
{
    const struct deal *d = context;
    for (size_t c = begin; c < end; c++) {
        size_t last = (c + 1) * d->chunk < d->n ? (c + 1) * d->chunk : d->n;
        memset(d->pile[c], 0, sizeof d->pile[c]);
        for (size_t k = c * d->chunk; k < last; k++)
            d->pile[c][d->from[k].key >> d->shift & 0xff]++;
    }
}

static void deal_chunks(void *context, size_t begin, size_t end, int part)
{
    const struct deal *d = context;
    for (size_t c = begin; c < end; c++) {
        size_t last = (c + 1) * d->chunk < d->n ? (c + 1) * d->chunk : d->n;
        size_t *pile = d->pile[c];
        for (size_t k = c * d->chunk; k < last; k++)
            d->to[pile[d->from[k].key >> d->shift & 0xff]++] = d->from[k];
    }
}

// Counts become the places where the piles begin; false where all entries lie
// in one pile, and nothing has to be dealt.
static bool place_piles(const struct deal *d, size_t chunks)
{
    size_t at = 0, most = 0;
    for (int v = 0; v < PILES; v++) {
        size_t before = at;
        for (size_t c = 0; c < chunks; c++) {
            size_t count = d->pile[c][v];
            d->pile[c][v] = at;
            at += count;
        }
        most = at - before > most ? at - before : most;
    }
    return most < d->n;
}

// Sorts n entries by the lowest `bytes` bytes of their keys; `spare` has room
// for as many, `pile` for `chunks` sets. Returns where the result lies. With
// more than one chunk it runs on several threads; after Ctrl-C the result is
// in no order.
static entry *sort_line(entry *e, entry *spare, size_t n, int bytes,
                        size_t chunks, size_t (*pile)[PILES])
{
    if (n <= SHORT) {
        sort_short(e, n);
        return e;
    }
    struct deal d = {.n = n, .chunk = (n + chunks - 1) / chunks, .pile = pile};
    for (int b = 0; b < bytes && !grad_interrupt_flag; b++) {
        d.from = e;
        d.to = spare;
        d.shift = 8 * b;
        if (chunks == 1)
            count_chunks(&d, 0, 1, 0);
        else
            grad_parallel(chunks, 1, count_chunks, &d);
        if (!place_piles(&d, chunks))
            continue;
        if (chunks == 1)
            deal_chunks(&d, 0, 1, 0);
        else
            grad_parallel(chunks, 1, deal_chunks, &d);
        entry *swap = e;
        e = spare;
        spare = swap;
    }
    return e;
}

struct sorting {
    const struct grad_along_kernels *kernels;
    struct grad_lines lines;
    size_t item, chunks;
    bool falling;
    const char *x;
    char *value;
    double *place;
    entry *room;           // of each part 2 n
    size_t (*pile)[PILES]; // of each part one, or of each chunk
};

static void sort_one(const struct sorting *s, size_t line, entry *e,
                     size_t (*pile)[PILES])
{
    size_t n = s->lines.n, step = s->lines.step;
    size_t at = grad_line_start(&s->lines, line);
    const char *x = s->x + at * s->item;
    s->kernels->sort_load(n, step, s->falling, x, e);
    entry *sorted = sort_line(e, e + n, n, (int)s->item, s->chunks, pile);
    s->kernels->sort_store(n, step, sorted, x, s->value + at * s->item,
                           s->place + at);
}

static void sort_range(void *context, size_t begin, size_t end, int part)
{
    const struct sorting *s = context;
    for (size_t i = begin; i < end && !grad_interrupt_flag; i++)
        sort_one(s, i, s->room + (size_t)part * 2 * s->lines.n, s->pile + part);
}

// Room for the entries of all parts and for their piles, as one block.
static bool run_sort(struct sorting *s, struct grad_error *error)
{
    size_t n = s->lines.n, lines = s->lines.lines;
    size_t grain = 8192 / (n + 1) + 1;
    size_t parts = (size_t)grad_parallel_parts(lines, grain);
    s->chunks =
        parts == 1 && lines == 1 ? (size_t)grad_parallel_parts(n, CHUNK) : 1;
    size_t piles = parts > s->chunks ? parts : s->chunks, room;
    if (!grad_size_multiply(parts * 2 * sizeof(entry), n, &room))
        return grad_fail_memory(error, SIZE_MAX);
    size_t bytes = room + piles * sizeof *s->pile;
    s->room = grad_memory_alloc(bytes, error);
    if (!s->room)
        return false;
    s->pile = (void *)((char *)s->room + room);
    if (s->chunks > 1)
        sort_one(s, 0, s->room, s->pile);
    else
        grad_parallel(lines, grain, sort_range, s);
    grad_memory_free(s->room, bytes);
    return true;
}

bool grad_sort_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *x = call->in[0];
    struct grad_tensor *values = grad_tensor_new_like(x, error);
    struct grad_tensor *places =
        values ? grad_tensor_new(GRAD_FLOAT64, x->ndim, x->shape, error) : NULL;
    call->out[0] = values;
    call->out[1] = places;
    if (!places)
        return false;
    call->kept[0] = grad_tensor_retain(places);
    struct sorting s = {.kernels = grad_kernels(x->dtype)->along,
                        .lines = grad_lines_of(x, call->attrs->i[0]),
                        .item = grad_dtype_size(x->dtype),
                        .falling = call->attrs->i[1],
                        .x = x->data,
                        .value = values->data,
                        .place = places->data};
    return x->numel == 0 || run_sort(&s, error);
}

static void give_back(void *context, const struct grad_lines *l, size_t first,
                      size_t at)
{
    const struct grad_giving_back *r = context;
    for (size_t i = 0; i < l->lines; i++, at += l->next)
        r->kernels->sort_back(l->n, l->step, r->g + at * r->item, r->place + at,
                              r->gx + at * r->item);
}

// Each gradient goes where its element came from.
bool grad_sort_backward(struct grad_backward *b, struct grad_error *error)
{
    return grad_along_give_back(b, give_back, error);
}
