// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/ops/positions.h"

#include "engine/memory.h"
#include "engine/thread.h"

enum { GRAIN = 32768 };

struct reading {
    const struct grad_tensor *index;
    double size;
    size_t *at;
    size_t bad[GRAD_MAX_THREADS]; // each part's first, SIZE_MAX for none
};

static double value_at(const struct grad_tensor *index, size_t i)
{
    return index->dtype == GRAD_FLOAT32 ? ((const float *)index->data)[i]
                                        : ((const double *)index->data)[i];
}

static void read_range(void *context, size_t begin, size_t end, int part)
{
    struct reading *r = context;
    for (size_t i = begin; i < end; i++) {
        double value = value_at(r->index, i);
        double at = value < 0 ? value + r->size : value - 1;
        if (!(at >= 0 && at < r->size && at == (double)(size_t)at)) {
            r->bad[part] = i;
            return;
        }
        r->at[i] = (size_t)at;
    }
}

static size_t first_bad(const struct reading *r)
{
    size_t first = SIZE_MAX;
    for (int part = 0; part < GRAD_MAX_THREADS; part++)
        first = r->bad[part] < first ? r->bad[part] : first;
    return first;
}

static void refuse(const struct grad_op *op, const struct reading *r,
                   size_t bad, struct grad_error *error)
{
    double value = value_at(r->index, bad);
    grad_op_fail(op, error,
                 "index %g at place %zu is not a whole number from 1 to %.0f%s",
                 value, bad + 1, r->size,
                 value == 0 ? ". Hint: in Lua the first index is 1" : "");
}

size_t *grad_positions(const struct grad_op *op,
                       const struct grad_tensor *index, size_t size,
                       struct grad_error *error)
{
    struct reading r = {.index = index, .size = (double)size};
    r.at = grad_memory_alloc(index->numel * sizeof *r.at + 1, error);
    if (!r.at)
        return NULL;
    for (int part = 0; part < GRAD_MAX_THREADS; part++)
        r.bad[part] = SIZE_MAX;
    grad_parallel(index->numel, GRAIN, read_range, &r);
    size_t bad = first_bad(&r);
    if (bad == SIZE_MAX)
        return r.at;
    refuse(op, &r, bad, error);
    grad_positions_free(r.at, index);
    return NULL;
}

void grad_positions_free(size_t *at, const struct grad_tensor *index)
{
    if (at)
        grad_memory_free(at, index->numel * sizeof *at + 1);
}
