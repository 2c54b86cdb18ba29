// SPDX-License-Identifier: GPL-3.0-or-later
// Kernels along one dimension of a tensor. A line holds n elements, `step`
// apart; line i of `lines` begins i * next elements behind the first. Either
// step is 1, or next is: lines side by side are walked together.
#ifndef GRAD_ENGINE_KERNEL_ALONG_H
#define GRAD_ENGINE_KERNEL_ALONG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct grad_lines {
    size_t n, step, next, lines;
};

// An element on its way through a sort: keys are in order as whole numbers.
struct grad_sort_entry {
    uint64_t key;
    uint64_t place; // in its line, from 0
};

struct grad_along_kernels {
    // the first largest (or smallest) element of each line and its place,
    // from 1; nan comes before all others. value and place (lines); n > 0
    void (*extreme)(const struct grad_lines *l, bool smallest, const void *x,
                    void *value, double *place);
    // gx[place] = g for each line, g and place (lines)
    void (*extreme_back)(const struct grad_lines *l, const void *g,
                         const double *place, void *gx);
    // y[k] = x[0] + ... + x[k], or the sum from k to the end
    void (*running_sum)(const struct grad_lines *l, bool backwards,
                        const void *x, void *y);
    // y (lines): the product of each line
    void (*product)(const struct grad_lines *l, const void *x, void *y);
    // the product of n elements in a row
    double (*row_product)(size_t n, const void *x);
    // gx = g times the product of all others of the line, g (lines)
    void (*product_back)(const struct grad_lines *l, const void *g,
                         const void *x, void *gx);
    // one line to entries, and sorted entries to values and places from 1
    void (*sort_load)(size_t n, size_t step, bool falling, const void *x,
                      struct grad_sort_entry *to);
    void (*sort_store)(size_t n, size_t step,
                       const struct grad_sort_entry *sorted, const void *x,
                       void *value, double *place);
    // gx[place[k]] = g[k] along one line
    void (*sort_back)(size_t n, size_t step, const void *g, const double *place,
                      void *gx);
};

#endif
