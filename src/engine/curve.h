// SPDX-License-Identifier: GPL-3.0-or-later
// Curves as they are drawn: one that grows for as long as a training runs, in
// bounded memory, and how a long one becomes a short one that looks the same.
#ifndef GRAD_ENGINE_CURVE_H
#define GRAD_ENGINE_CURVE_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "engine/error.h"

// Points beyond which a growing curve is thinned.
enum { GRAD_CURVE_MOST = 20000 };

// All zero is an empty curve; grad_curve_free releases what it holds.
struct grad_curve {
    double *x, *y; // the points that were kept, in their order
    size_t n, room;
    double last;                   // the x of the last point
    bool log;                      // its x axis will be a log one
    size_t given, nans, infs, low; // points added; y not finite; y <= 0
    size_t first_bad;              // the first that was not finite, from 1
};

// Makes room for a point where there is none: doubles, or thins what is there.
// False without memory. It is called only then; a struct grad_error takes
// longer to clear than a point to add.
bool grad_curve_make_room(struct grad_curve *c, struct grad_error *error);

// Counts a y that is not finite or not positive.
void grad_curve_count(struct grad_curve *c, double y);

static inline bool grad_curve_has_room(const struct grad_curve *c)
{
    return c->n < c->room;
}

// Adds a point; there must be room. Inlined, since it stands in training loops.
static inline void grad_curve_add(struct grad_curve *c, double x, double y)
{
    c->x[c->n] = c->last = x;
    c->y[c->n++] = y;
    c->given++;
    if (!(y > 0 && y < HUGE_VAL))
        grad_curve_count(c, y);
}

void grad_curve_free(struct grad_curve *c);

// Makes n points fewer where they are more than 4 * parts: the x axis is cut
// into parts of the same width (on a log scale if `log`), and of each part the
// first, the last, both extremes and the first y that is not finite stay.
// Where x goes back or is not finite, parts are equal in number of points.
// (tx, ty) may be (x, y) and has room for n. Returns how many stay. Thinning
// again what was thinned before does no harm.
size_t grad_curve_thin(size_t n, const double *x, const double *y, size_t parts,
                       bool log, double *tx, double *ty);

#endif
