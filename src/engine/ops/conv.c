// SPDX-License-Identifier: GPL-3.0-or-later
// conv2d: x (N, C, H, W)  w (O, C/groups, kh, kw)  b (O)  ->  y (N, O, oh, ow)
//
// Each image is unfolded into col (C/groups kh kw, oh ow), which stays in the
// cache, and is one product with the weight (O/groups, C/groups kh kw); the
// threads share the images out. Few outputs are computed straight from the
// padded image instead (kernel/direct.inc).
#include "engine/ops/ops.h"

#include <string.h>

#include "engine/gemm.h"
#include "engine/interrupt.h"
#include "engine/kernel/nn.h"
#include "engine/memory.h"
#include "engine/thread.h"

enum { X, WEIGHT, BIAS };
static const double thread_work = 200e3; // multiply-adds worth a thread

struct conv {
    const struct grad_kernels *all;
    const struct grad_nn_kernels *kernels;
    enum grad_dtype dtype;
    size_t item;
    struct grad_window window; // of one group
    size_t n, groups, outputs; // images; output channels of a group
    size_t k, p;               // col is (k, p)
    size_t x_size, y_size;     // of an image
    bool unfolded;             // x is col already
    bool direct;               // no col: straight from the padded image
    size_t frame, col;         // bytes of the padded image and of col
    size_t scratch;            // bytes of a thread: frame, col and more
    const char *x, *w, *b, *gy;
    char *y, *gx, *gw, *memory;
};

// --- shapes ------------------------------------------------------------------

static bool read_window(const struct grad_op *op, const struct grad_attrs *a,
                        struct grad_window *g, struct grad_error *error)
{
    for (int d = 0; d < 2; d++) {
        if (a->i[d] < 1 || a->i[2 + d] < 0 || a->i[4 + d] < 1)
            return grad_op_fail(op, error,
                                "stride and dilation count from 1, padding "
                                "from 0; got %lld, %lld and %lld",
                                (long long)a->i[d], (long long)a->i[4 + d],
                                (long long)a->i[2 + d]);
        g->stride[d] = (size_t)a->i[d];
        g->padding[d] = (size_t)a->i[2 + d];
        g->dilation[d] = (size_t)a->i[4 + d];
    }
    return true;
}

static bool check_shapes(const struct grad_op *op, const struct grad_tensor *x,
                         const struct grad_tensor *w,
                         const struct grad_tensor *b, int64_t groups,
                         struct grad_error *error)
{
    char tx[GRAD_SHAPE_TEXT], tw[GRAD_SHAPE_TEXT];
    if (w->ndim != 4)
        return grad_op_fail(op, error,
                            "the weight is %s; expected (out, in / groups, "
                            "height, width)",
                            grad_shape_text(tw, w->ndim, w->shape));
    if (x->ndim != 3 && x->ndim != 4)
        return grad_op_fail(op, error,
                            "input is %s; expected (N, %zu, height, width)%s",
                            grad_shape_text(tx, x->ndim, x->shape), w->shape[1],
                            x->ndim == 2 ? ". Hint: x:reshape(N, channels, "
                                           "height, width)"
                                         : "");
    size_t channels = x->shape[x->ndim - 3];
    if (groups < 1 || channels != w->shape[1] * (size_t)groups ||
        w->shape[0] % (size_t)groups)
        return grad_op_fail(
            op, error,
            "input is %s and the weight %s, with groups = "
            "%lld; expected %zu channels, got %zu",
            grad_shape_text(tx, x->ndim, x->shape),
            grad_shape_text(tw, w->ndim, w->shape), (long long)groups,
            w->shape[1] * (size_t)(groups < 1 ? 1 : groups), channels);
    if (b && (b->ndim != 1 || b->shape[0] != w->shape[0]))
        return grad_op_fail(op, error,
                            "the bias has %zu entries; expected %zu, one an "
                            "output channel",
                            b->numel, w->shape[0]);
    return true;
}

// Outputs along one dimension, or 0 where the window does not fit.
static size_t output_size(size_t size, size_t kernel, size_t stride,
                          size_t padding, size_t dilation)
{
    size_t room = size + 2 * padding, reach = dilation * (kernel - 1) + 1;
    return kernel == 0 || reach > room ? 0 : (room - reach) / stride + 1;
}

// Where unfolding costs more than it saves: few outputs, and rows that fill
// their vectors well.
static bool is_direct(const struct conv *c)
{
    const struct grad_window *g = &c->window;
    size_t strip = c->kernels->strip, strips = (g->ow + strip - 1) / strip;
    return g->stride[0] == 1 && g->stride[1] == 1 && c->outputs <= 8 &&
           c->k <= GRAD_DIRECT_PLACES && g->ow >= strip &&
           4 * g->ow >= 3 * strips * strip;
}

static bool conv_init(struct conv *c, const struct grad_op *op,
                      const struct grad_attrs *a, const struct grad_tensor *x,
                      const struct grad_tensor *w, struct grad_error *error)
{
    struct grad_window *g = &c->window;
    char tx[GRAD_SHAPE_TEXT], tw[GRAD_SHAPE_TEXT];
    *c = (struct conv){.all = grad_kernels(x->dtype),
                       .kernels = grad_kernels(x->dtype)->nn,
                       .dtype = x->dtype,
                       .item = grad_dtype_size(x->dtype),
                       .groups = (size_t)a->i[6],
                       .n = x->ndim == 4 ? x->shape[0] : 1};
    if (!read_window(op, a, g, error))
        return false;
    g->channels = w->shape[1];
    g->h = x->shape[x->ndim - 2];
    g->w = x->shape[x->ndim - 1];
    g->kh = w->shape[2];
    g->kw = w->shape[3];
    g->oh =
        output_size(g->h, g->kh, g->stride[0], g->padding[0], g->dilation[0]);
    g->ow =
        output_size(g->w, g->kw, g->stride[1], g->padding[1], g->dilation[1]);
    if (g->oh == 0 || g->ow == 0)
        return grad_op_fail(op, error,
                            "a weight of shape %s does not fit into an input "
                            "of shape %s with this padding",
                            grad_shape_text(tw, w->ndim, w->shape),
                            grad_shape_text(tx, x->ndim, x->shape));
    c->outputs = w->shape[0] / c->groups;
    c->k = g->channels * g->kh * g->kw;
    c->p = g->oh * g->ow;
    c->x_size = g->channels * g->h * g->w;
    c->y_size = c->outputs * c->p;
    c->unfolded = g->kh == 1 && g->kw == 1 && g->stride[0] == 1 &&
                  g->stride[1] == 1 && g->padding[0] == 0 && g->padding[1] == 0;
    c->direct = !c->unfolded && is_direct(c);
    return true;
}

// Images that a thread should have at least.
static size_t grain(const struct conv *c)
{
    double work = (double)(c->k * c->p) * (double)(c->outputs * c->groups);
    return (size_t)(thread_work / (work + 1)) + 1;
}

static size_t whole_lines(size_t bytes)
{
    return (bytes + 63) / 64 * 64;
}

// Scratch memory for each thread that will run: frame, col and `more` bytes.
static bool make_scratch(struct conv *c, size_t more, struct grad_error *error)
{
    const struct grad_window *g = &c->window;
    size_t tall = g->h + 2 * g->padding[0], wide = g->w + 2 * g->padding[1];
    c->frame = whole_lines(g->channels * tall * wide * c->item + GRAD_SPARE);
    c->col = whole_lines(c->k * c->p * c->item + GRAD_SPARE);
    if (c->unfolded)
        c->frame = c->col = 0;
    if (c->direct)
        c->col = 0;
    c->scratch = c->frame + c->col + whole_lines(more);
    size_t parts = (size_t)grad_parallel_parts(c->n, grain(c));
    c->memory = grad_memory_alloc(c->scratch * parts, error);
    return c->memory != NULL;
}

static void free_scratch(struct conv *c)
{
    grad_memory_free(c->memory,
                     c->scratch * (size_t)grad_parallel_parts(c->n, grain(c)));
}

// col of image i, group q: unfolded into a thread's scratch, or x itself.
static const char *unfold(const struct conv *c, size_t i, size_t q,
                          char *scratch)
{
    const char *x = c->x + (i * c->groups + q) * c->x_size * c->item;
    if (c->unfolded)
        return x;
    c->kernels->unfold(&c->window, x, scratch, scratch + c->frame);
    return scratch + c->frame;
}

// Image i, group q, with its padding: in a thread's scratch, or x itself.
static const char *padded(const struct conv *c, size_t i, size_t q,
                          char *scratch)
{
    const struct grad_window *g = &c->window;
    const char *x = c->x + (i * c->groups + q) * c->x_size * c->item;
    if (g->padding[0] == 0 && g->padding[1] == 0)
        return x;
    c->kernels->pad(g, x, scratch);
    return scratch;
}

// --- forward -----------------------------------------------------------------

static void forward_direct(void *context, size_t begin, size_t end, int part)
{
    const struct conv *c = context;
    char *scratch = c->memory + (size_t)part * c->scratch;
    for (size_t i = begin; i < end && !grad_interrupt_flag; i++) {
        for (size_t q = 0; q < c->groups; q++)
            c->kernels->direct(&c->window, c->outputs, padded(c, i, q, scratch),
                               c->w + q * c->outputs * c->k * c->item,
                               c->b ? c->b + q * c->outputs * c->item : NULL,
                               c->y +
                                   (i * c->groups + q) * c->y_size * c->item);
    }
}

static void forward_images(void *context, size_t begin, size_t end, int part)
{
    const struct conv *c = context;
    char *scratch = c->memory + (size_t)part * c->scratch;
    size_t w_size = c->outputs * c->k * c->item;
    for (size_t i = begin; i < end && !grad_interrupt_flag; i++) {
        for (size_t q = 0; q < c->groups; q++) {
            char *y = c->y + (i * c->groups + q) * c->y_size * c->item;
            if (c->b)
                c->kernels->fill_rows(c->outputs, c->p,
                                      c->b + q * c->outputs * c->item, y);
            grad_gemm_serial(c->dtype, false, false, c->outputs, c->p, c->k,
                             c->w + q * w_size, c->k, unfold(c, i, q, scratch),
                             c->p, c->b != NULL, y, c->p);
        }
    }
}

bool grad_conv2d_forward(struct grad_call *call, struct grad_error *error)
{
    const struct grad_tensor *x = call->in[X], *w = call->in[WEIGHT];
    const struct grad_tensor *b = call->in[BIAS];
    struct conv c;
    if (!check_shapes(call->op, x, w, b, call->attrs->i[6], error) ||
        !conv_init(&c, call->op, call->attrs, x, w, error))
        return false;
    size_t shape[4];
    memcpy(shape, x->shape, x->ndim * sizeof *shape);
    shape[x->ndim - 3] = w->shape[0];
    shape[x->ndim - 2] = c.window.oh;
    shape[x->ndim - 1] = c.window.ow;
    struct grad_tensor *y = grad_tensor_new(x->dtype, x->ndim, shape, error);
    if (!y || !make_scratch(&c, 0, error)) {
        grad_tensor_release(y);
        return false;
    }
    call->out[0] = y;
    c.x = x->data;
    c.w = w->data;
    c.b = b ? b->data : NULL;
    c.y = y->data;
    grad_gemm_prepare();
    grad_parallel(c.n, grain(&c), c.direct ? forward_direct : forward_images,
                  &c);
    free_scratch(&c);
    return grad_interrupt_check(error);
}

// --- backward ----------------------------------------------------------------

// gw = the sum over images of gy col^T;  gcol = w^T gy, folded back into gx

// Long rows of the weight are summed up as gw^T = col gy^T, which BLAS does
// at nearly twice the speed, and turned at the end.
static bool is_turned(const struct conv *c)
{
    return c->k >= 64;
}

static size_t weight_bytes(const struct conv *c)
{
    size_t strip = c->direct ? c->kernels->strip : 1;
    return whole_lines(c->groups * c->outputs * c->k * strip * c->item);
}

static void gw_direct(void *context, size_t begin, size_t end, int part)
{
    const struct conv *c = context;
    char *scratch = c->memory + (size_t)part * c->scratch;
    size_t sums = c->outputs * c->k * c->kernels->strip * c->item;
    for (size_t i = begin * c->groups; i < end * c->groups; i++) {
        size_t image = i / c->groups, q = i % c->groups;
        if (grad_interrupt_flag)
            return;
        c->kernels->direct_slopes(&c->window, c->outputs,
                                  padded(c, image, q, scratch),
                                  c->gy + i * c->y_size * c->item,
                                  scratch + c->frame + c->col + q * sums);
    }
}

static void gw_images(void *context, size_t begin, size_t end, int part)
{
    const struct conv *c = context;
    size_t w_size = c->outputs * c->k * c->item;
    char *scratch = c->memory + (size_t)part * c->scratch;
    char *gw = scratch + c->frame + c->col, *turned = gw + weight_bytes(c);
    for (size_t i = begin * c->groups; i < end * c->groups; i++) {
        size_t image = i / c->groups, q = i % c->groups;
        const char *gy = c->gy + i * c->y_size * c->item;
        const char *col = unfold(c, image, q, scratch);
        if (grad_interrupt_flag)
            return;
        if (!is_turned(c)) {
            grad_gemm_serial(c->dtype, false, true, c->outputs, c->k, c->p, gy,
                             c->p, col, c->p, true, gw + q * w_size, c->k);
            continue;
        }
        c->kernels->transpose(c->outputs, c->p, gy, turned);
        grad_gemm_serial(c->dtype, false, false, c->k, c->outputs, c->p, col,
                         c->p, turned, c->outputs, true, gw + q * w_size,
                         c->outputs);
    }
}

static void store_weight_gradient(const struct conv *c, const char *sum)
{
    size_t w_size = c->outputs * c->k * c->item;
    if (c->direct) {
        c->kernels->direct_total(c->groups * c->outputs * c->k, sum, c->gw);
        return;
    }
    if (!is_turned(c))
        memcpy(c->gw, sum, c->groups * w_size);
    for (size_t q = 0; q < c->groups && is_turned(c); q++)
        c->kernels->transpose(c->k, c->outputs, sum + q * w_size,
                              c->gw + q * w_size);
}

// Every thread has a sum of its own behind its frame and col.
static bool weight_gradient(struct conv *c, struct grad_tensor *gw,
                            struct grad_error *error)
{
    size_t turned = is_turned(c) ? c->y_size * c->item : 0;
    if (!make_scratch(c, weight_bytes(c) + turned, error))
        return false;
    char *sum = c->memory + c->frame + c->col;
    int parts = grad_parallel_parts(c->n, grain(c));
    for (int part = 0; part < parts; part++)
        memset(sum + (size_t)part * c->scratch, 0, weight_bytes(c));
    c->gw = gw->data;
    grad_parallel(c->n, grain(c), c->direct ? gw_direct : gw_images, c);
    size_t strip = c->direct ? c->kernels->strip : 1;
    for (int part = 1; part < parts; part++)
        c->all->accumulate(gw->numel * strip, sum + (size_t)part * c->scratch,
                           sum);
    store_weight_gradient(c, sum);
    free_scratch(c);
    return true;
}

static void gx_images(void *context, size_t begin, size_t end, int part)
{
    const struct conv *c = context;
    size_t w_size = c->outputs * c->k * c->item, x_bytes = c->x_size * c->item;
    char *scratch = c->memory + (size_t)part * c->scratch;
    for (size_t i = begin; i < end && !grad_interrupt_flag; i++) {
        for (size_t q = 0; q < c->groups; q++) {
            char *gx = c->gx + (i * c->groups + q) * x_bytes;
            char *to = c->unfolded ? gx : scratch + c->frame;
            grad_gemm_serial(c->dtype, true, false, c->k, c->p, c->outputs,
                             c->w + q * w_size, c->k,
                             c->gy + (i * c->groups + q) * c->y_size * c->item,
                             c->p, false, to, c->p);
            if (!c->unfolded)
                c->kernels->fold(&c->window, to, scratch, gx);
        }
    }
}

static void bias_gradient(const struct conv *c, struct grad_tensor *gb)
{
    for (size_t o = 0; o < gb->numel; o++) {
        double sum = 0;
        for (size_t i = 0; i < c->n; i++)
            sum +=
                c->all->sum(c->p, c->gy + (i * gb->numel + o) * c->p * c->item);
        grad_tensor_set(gb, o, sum);
    }
}

bool grad_conv2d_backward(struct grad_backward *b, struct grad_error *error)
{
    const struct grad_tensor *x = b->in[X], *w = b->in[WEIGHT];
    struct conv c;
    if (!conv_init(&c, b->op, b->attrs, x, w, error))
        return false;
    for (int k = 0; k < b->n_in; k++) {
        if (b->needs[k] && !(b->gin[k] = grad_tensor_new_like(b->in[k], error)))
            return false;
    }
    c.x = x->data;
    c.w = w->data;
    c.gy = b->gout[0]->data;
    grad_gemm_prepare();
    if (b->needs[BIAS])
        bias_gradient(&c, b->gin[BIAS]);
    if (b->needs[WEIGHT] && !weight_gradient(&c, b->gin[WEIGHT], error))
        return false;
    if (b->needs[X]) {
        c.direct = false;
        if (!make_scratch(&c, 0, error))
            return false;
        c.gx = b->gin[X]->data;
        grad_parallel(c.n, grain(&c), gx_images, &c);
        free_scratch(&c);
    }
    return grad_interrupt_check(error);
}
