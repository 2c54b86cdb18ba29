// SPDX-License-Identifier: GPL-3.0-or-later
// Largest and smallest elements along a dimension, and where they stand.
#include "engine/ops/along.h"

#include "engine/memory.h"
#include "engine/thread.h"

// Variants of grad_extreme_forward.
enum { LARGEST = 0, SMALLEST = 1, PLACE_ONLY = 2 };

// One long line is searched in pieces of this size, on several threads.
enum { PIECE = 65536 };

struct search {
    const struct grad_along_kernels *kernels;
    bool smallest;
    size_t item;
    const char *x;
    char *value;
    double *place;
};

static void search_lines(void *context, const struct grad_lines *l,
                         size_t first, size_t at)
{
    const struct search *s = context;
    s->kernels->extreme(l, s->smallest, s->x + at * s->item,
                        s->value + first * s->item, s->place + first);
}

// Pieces [begin, end) of the line, whose last piece may be shorter.
struct pieces {
    struct search search;
    size_t n;
};

static void search_pieces(void *context, size_t begin, size_t end, int part)
{
    const struct pieces *p = context;
    const struct search *s = &p->search;
    for (size_t i = begin; i < end; i++) {
        size_t from = i * PIECE;
        size_t n = p->n - from < PIECE ? p->n - from : PIECE;
        struct grad_lines l = {n, 1, n, 1};
        search_lines(context, &l, i, from);
        s->place[i] += (double)from;
    }
}

// The extreme of one long line: that of the extremes of its pieces.
static bool search_long(const struct search *s, size_t n,
                        struct grad_error *error)
{
    size_t pieces = (n + PIECE - 1) / PIECE;
    size_t bytes = pieces * (sizeof(double) + s->item);
    double *place = grad_memory_alloc(bytes, error);
    if (!place)
        return false;
    struct pieces p = {*s, n};
    p.search.place = place;
    p.search.value = (char *)(place + pieces);
    grad_parallel(pieces, 2, search_pieces, &p);
    struct grad_lines l = {pieces, 1, pieces, 1};
    s->kernels->extreme(&l, s->smallest, p.search.value, s->value, s->place);
    *s->place = place[(size_t)*s->place - 1];
    grad_memory_free(place, bytes);
    return true;
}

static bool search_all(const struct search *s, const struct grad_lines *l,
                       struct grad_error *error)
{
    if (l->lines == 1 && l->n > 4 * PIECE)
        return search_long(s, l->n, error);
    grad_along_run(l, search_lines, (void *)s);
    return true;
}

static bool check_not_empty(const struct grad_op *op,
                            const struct grad_tensor *x,
                            const struct grad_lines *l,
                            struct grad_error *error)
{
    char text[GRAD_SHAPE_TEXT];
    if (l->n > 0)
        return true;
    return grad_op_fail(op, error,
                        "a dimension of size 0 of %s has no such element",
                        grad_shape_text(text, x->ndim, x->shape));
}

// Outputs values (unless PLACE_ONLY) and 1-based places along the dimension.
bool grad_extreme_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *x = call->in[0];
    int64_t dim = call->attrs->i[0];
    bool keep = call->attrs->i[1], only = call->op->variant & PLACE_ONLY;
    struct grad_lines l = grad_lines_of(x, dim);
    if (!check_not_empty(call->op, x, &l, error))
        return false;
    struct grad_tensor *values =
        grad_new_without(x, x->dtype, dim, keep, error);
    struct grad_tensor *places =
        values ? grad_new_without(x, GRAD_FLOAT64, dim, keep, error) : NULL;
    bool ok = places != NULL;
    if (ok) {
        struct search s = {grad_kernels(x->dtype)->along,
                           call->op->variant & SMALLEST,
                           grad_dtype_size(x->dtype),
                           x->data,
                           values->data,
                           places->data};
        ok = search_all(&s, &l, error);
    }
    call->out[0] = only ? places : values;
    call->out[1] = only ? NULL : places;
    if (only)
        grad_tensor_release(values);
    else if (places)
        call->kept[0] = grad_tensor_retain(places);
    return ok;
}

static void give_back(void *context, const struct grad_lines *l, size_t first,
                      size_t at)
{
    const struct grad_giving_back *r = context;
    r->kernels->extreme_back(l, r->g + first * r->item, r->place + first,
                             r->gx + at * r->item);
}

// The gradient goes to the element that was chosen.
bool grad_extreme_backward(struct grad_backward *b, struct grad_error *error)
{
    return grad_along_give_back(b, give_back, error);
}
