// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curve.h"

#include <math.h>
#include <string.h>

#include "engine/memory.h"

void grad_curve_count(struct grad_curve *c, double y)
{
    c->nans += isnan(y) != 0;
    c->infs += isinf(y) != 0;
    c->low += isfinite(y) && y <= 0;
    if (!isfinite(y) && c->first_bad == 0)
        c->first_bad = c->given;
}

static size_t bytes_of(size_t room)
{
    return 2 * room * sizeof(double);
}

// x and y are the halves of one block.
static bool grow(struct grad_curve *c, size_t room, struct grad_error *error)
{
    double *block = grad_memory_alloc(bytes_of(room), error);
    if (!block)
        return false;
    if (c->n > 0) {
        memcpy(block, c->x, c->n * sizeof *block);
        memcpy(block + room, c->y, c->n * sizeof *block);
    }
    if (c->x)
        grad_memory_free(c->x, bytes_of(c->room));
    c->x = block;
    c->y = block + room;
    c->room = room;
    return true;
}

bool grad_curve_make_room(struct grad_curve *c, struct grad_error *error)
{
    if (c->room < GRAD_CURVE_MOST) {
        size_t room = c->room == 0 ? 64 : c->room * 2;
        return grow(c, room < GRAD_CURVE_MOST ? room : GRAD_CURVE_MOST, error);
    }
    c->n = grad_curve_thin(c->n, c->x, c->y, GRAD_CURVE_MOST / 16, c->log, c->x,
                           c->y);
    return true;
}

void grad_curve_free(struct grad_curve *c)
{
    if (c->x)
        grad_memory_free(c->x, bytes_of(c->room));
    *c = (struct grad_curve){0};
}

static bool ascends(size_t n, const double *x)
{
    for (size_t i = 1; i < n; i++)
        if (!(x[i] >= x[i - 1]))
            return false;
    return isfinite(x[0]) && isfinite(x[n - 1]) && x[n - 1] > x[0];
}

// Puts the points of [from, to] that stay to (tx, ty), in their order, at most
// five. Since no more are written than were read, it may be the same array.
static size_t keep(const double *x, const double *y, size_t from, size_t to,
                   double *tx, double *ty)
{
    size_t low = to, high = to, bad = to, n = 0;
    for (size_t i = to + 1; i-- > from;) {
        if (!isfinite(y[i])) {
            bad = i;
            continue;
        }
        if (!(y[i] > y[low])) // y[to] may be NaN
            low = i;
        if (!(y[i] < y[high]))
            high = i;
    }
    const size_t chosen[] = {from, low, high, bad, to};
    for (size_t at = from;; at++) { // the next of the chosen, in order
        size_t next = to;
        for (int k = 0; k < 5; k++)
            if (chosen[k] >= at && chosen[k] < next)
                next = chosen[k];
        at = next;
        tx[n] = x[at];
        ty[n++] = y[at];
        if (at == to)
            return n;
    }
}

// The end of the p-th part of `parts`: the largest x in it.
static double limit(double lo, double hi, size_t p, size_t parts, bool log)
{
    double share = (double)p / (double)parts;
    return log ? lo * pow(hi / lo, share) : lo + (hi - lo) * share;
}

size_t grad_curve_thin(size_t n, const double *x, const double *y, size_t parts,
                       bool log, double *tx, double *ty)
{
    size_t kept = 0, from = 0;
    if (n <= 4 * parts || parts == 0) {
        memmove(tx, x, n * sizeof *x);
        memmove(ty, y, n * sizeof *y);
        return n;
    }
    bool by_x = ascends(n, x);
    double lo = x[0], hi = x[n - 1];
    for (size_t p = 1; p <= parts; p++) {
        size_t end = by_x ? from : n / parts * p + n % parts * p / parts;
        if (by_x && p < parts)
            for (double most = limit(lo, hi, p, parts, log && lo > 0);
                 end < n && x[end] <= most;)
                end++;
        if (p == parts)
            end = n;
        if (end > from)
            kept += keep(x, y, from, end - 1, tx + kept, ty + kept);
        from = end;
    }
    return kept;
}
