// SPDX-License-Identifier: GPL-3.0-or-later
// Kernels of neural networks, beside those of kernel.h and made in the same
// way: one table for each type and each CPU level.
#ifndef GRAD_ENGINE_KERNEL_NN_H
#define GRAD_ENGINE_KERNEL_NN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GRAD_COLUMNS = 64, GRAD_SPARE = 64, GRAD_DIRECT_PLACES = 256 };

// Losses of a row of scores and its label. x (rows, n); loss (rows);
// slope (rows, n) = scale * d loss / d x, or NULL where it is not wanted.
struct grad_row_loss {
    size_t n;
    const void *x;
    const int32_t *label; // from 0, -1: a row that is left out; or NULL
    const void *target;   // (rows, n) probabilities, where label is NULL
    const void *weight;   // (n) or NULL
    double smoothing;     // of the labels, cross-entropy
    double margin;        // multi-margin
    int power;            // multi-margin: 1 or 2
    double scale;
    void *loss;
    void *slope;
};

enum grad_row_loss_kind {
    GRAD_LOSS_CROSS_ENTROPY,
    GRAD_LOSS_NLL,
    GRAD_LOSS_MULTI_MARGIN,
    GRAD_ROW_LOSS_COUNT
};

// Losses of an element x and its target t, from pair.def.
enum grad_pair_loss_kind {
#define L(name, loss, gx, gt) GRAD_PAIR_##name,
#include "engine/kernel/pair.def"
#undef L
    GRAD_PAIR_COUNT
};

// w and q may be NULL: then both count as 1.
struct grad_pair_loss {
    const void *x, *t;
    const void *w; // weight of each element
    const void *q; // a second one: of the positive part
    double p;      // beta or delta
};

// A window of kh x kw that slides over images (channels, h, w); pairs are for
// height and width.
struct grad_window {
    size_t channels, h, w;
    size_t kh, kw;
    size_t oh, ow; // outputs
    size_t stride[2], padding[2], dilation[2];
    bool count_padding; // average pooling: padding counts as zeros
    bool adaptive;      // windows share the image out evenly instead
};

// Inner loops of update rules, from update.def.
enum grad_update_kind {
#define R(name, states, body) GRAD_UPDATE_##name,
#include "engine/kernel/update.def"
#undef R
    GRAD_UPDATE_COUNT
};

struct grad_nn_kernels {
    // rows of n numbers each become a distribution; of -x where `negate`
    void (*softmax)(size_t rows, size_t n, bool negate, const void *x, void *y);
    void (*log_softmax)(size_t rows, size_t n, const void *x, void *y);
    // gx from the output y and its gradient g; gx may be g
    void (*softmax_back)(size_t rows, size_t n, bool negate, const void *y,
                         const void *g, void *gx);
    void (*log_softmax_back)(size_t rows, size_t n, const void *y,
                             const void *g, void *gx);
    // rows [begin, end)
    void (*row_loss[GRAD_ROW_LOSS_COUNT])(const struct grad_row_loss *loss,
                                          size_t begin, size_t end);
    // y (rows, n) = x * g (rows), or * g[0] where `one`
    void (*scale_rows)(size_t rows, size_t n, const void *g, bool one,
                       const void *x, void *y);

    // elements [begin, end): the sum of the losses, which go to `out` where
    // it is not NULL
    double (*pair_loss[GRAD_PAIR_COUNT])(const struct grad_pair_loss *loss,
                                         size_t begin, size_t end, void *out);
    // gx[i] = scale * g[i] * d loss / dx, and for t; g[0] for all where `one`
    void (*pair_gx[GRAD_PAIR_COUNT])(const struct grad_pair_loss *loss,
                                     size_t begin, size_t end, const void *g,
                                     bool one, double scale, void *gx);
    void (*pair_gt[GRAD_PAIR_COUNT])(const struct grad_pair_loss *loss,
                                     size_t begin, size_t end, const void *g,
                                     bool one, double scale, void *gt);
    // how many of n elements lie below 0 or above 1; NaN does not
    size_t (*outside_unit)(size_t n, const void *x);

    // x above 0, w[0] x below; gx; and the sum that is w's gradient
    void (*prelu)(size_t n, const void *w, const void *x, void *y);
    void (*prelu_back)(size_t n, const void *w, const void *x, const void *g,
                       void *gx);
    double (*prelu_slope)(size_t n, const void *x, const void *g);
    // x (units, pieces) -> y (units)
    void (*maxout)(size_t units, size_t pieces, const void *x, void *y);
    void (*maxout_back)(size_t units, size_t pieces, const void *x,
                        const void *g, void *gx);

    // normalisations over runs of neighbours; see norm.inc for formulas
    double (*run_squares)(size_t n, const void *x, double mean);
    void (*run_apply)(size_t n, const void *x, double mean, double scale,
                      double shift, const void *w, const void *b, void *y);
    void (*run_sums)(size_t n, const void *g, const void *w, const void *x,
                     double mean, double *a, double *b);
    void (*run_back)(size_t n, const void *g, const void *w, const void *x,
                     double mean, const double *pqr, void *gx);
    // and over columns, at most GRAD_COLUMNS at once
    void (*column_stats)(size_t rows, size_t n, size_t ld, const void *x,
                         double *mean, double *squares);
    void (*column_apply)(size_t rows, size_t n, size_t ld, const void *x,
                         const double *mean, const double *scale,
                         const double *shift, void *y);
    void (*column_sums)(size_t rows, size_t n, size_t ld, const void *g,
                        const void *x, const double *mean, double *a,
                        double *b);
    void (*column_back)(size_t rows, size_t n, size_t ld, const void *g,
                        const void *x, const double *mean, const double *p,
                        const double *q, const double *r, void *gx);
    void (*column_slopes)(size_t rows, size_t n, size_t ld, const void *g,
                          const void *x, const double *stats, void *gw,
                          void *gb);

    // y = x scale[mask] + shift[mask]; y may be x
    void (*apply_mask)(size_t n, const void *x, const uint8_t *mask,
                       const double *scale, const double *shift, void *y);
    // 1 with probability keep / 2^32, else 0
    void (*draw_mask)(uint64_t seed, uint64_t stream, uint64_t group, size_t n,
                      uint64_t keep, uint8_t *mask);

    // n elements of a step of an update rule: parameter, gradient, state
    // and coefficients (see update.c)
    void (*update[GRAD_UPDATE_COUNT])(size_t n, void *w, const void *g,
                                      void *const *state, const double *k);
    double (*sum_squares)(size_t n, const void *x);
    double (*sum_abs)(size_t n, const void *x);
    double (*max_abs)(size_t n, const void *x);
    // every element into [-limit, limit]
    void (*clamp_all)(size_t n, double limit, void *x);

    // x (channels, h, w) -> col (channels kh kw, oh ow), and gcol back to gx.
    // `frame` is scratch for the padded image; frame and col must have room
    // for GRAD_SPARE bytes more.
    void (*unfold)(const struct grad_window *g, const void *x, void *frame,
                   void *col);
    void (*fold)(const struct grad_window *g, const void *col, void *frame,
                 void *gx);
    // x (channels, h, w) with its padding around it
    void (*pad)(const struct grad_window *g, const void *x, void *frame);
    // For stride 1, ow >= strip and up to GRAD_DIRECT_PLACES places k, from
    // the padded image x: y (outputs, oh, ow) = w x + b, b may be NULL;
    // sums (outputs, k, strip) += gy x; gw (n) from sums (n, strip)
    void (*direct)(const struct grad_window *g, size_t outputs, const void *x,
                   const void *w, const void *b, void *y);
    void (*direct_slopes)(const struct grad_window *g, size_t outputs,
                          const void *x, const void *gy, void *sums);
    void (*direct_total)(size_t n, const void *sums, void *gw);
    size_t strip;
    // y (rows, n): b (rows) in every column
    void (*fill_rows)(size_t rows, size_t n, const void *b, void *y);
    // x (rows, n) -> y (n, rows)
    void (*transpose)(size_t rows, size_t n, const void *x, void *y);
    bool transposes_quickly; // four times as quick as element by element
    // A matrix product, as engine/gemm.h has it, for k > 0; NULL where BLAS
    // is the quicker.
    void (*multiply)(bool ta, bool tb, size_t m, size_t n, size_t k,
                     const void *a, size_t lda, const void *b, size_t ldb,
                     bool accumulate, void *c, size_t ldc);
    // planes (h, w) -> (oh, ow); at (oh, ow) remembers places
    void (*max_pool)(const struct grad_window *g, size_t planes, const void *x,
                     void *y, int32_t *at);
    void (*max_pool_back)(const struct grad_window *g, size_t planes,
                          const void *gy, const int32_t *at, void *gx);
    // one plane
    void (*avg_pool)(const struct grad_window *g, const void *x, void *y);
    void (*avg_pool_back)(const struct grad_window *g, const void *gy,
                          void *gx);
};

#endif
