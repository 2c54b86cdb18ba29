// SPDX-License-Identifier: GPL-3.0-or-later
// Dropout: elements, or whole channels, or towards SELU's fixed point. The
// mask is drawn from a stream of its own, so it is the same at any number of
// threads; it is kept for the backward, one byte an element.
#include "engine/ops/ops.h"

#include <math.h>
#include <string.h>

#include "engine/kernel/nn.h"
#include "engine/random.h"
#include "engine/thread.h"

enum { GROUPS = 128 }; // of the generator that a thread should have at least
enum variant { ELEMENTS, CHANNELS, ALPHA };

struct pass {
    const struct grad_nn_kernels *kernels;
    size_t item, n, run; // n masks for runs of this length
    uint64_t seed, stream, keep;
    double scale[2], shift[2]; // where dropped, where kept
    uint8_t *mask;
    const char *x;
    char *y;
};

static void draw_groups(void *context, size_t begin, size_t end, int part)
{
    const struct pass *r = context;
    size_t from = begin * GRAD_RANDOM_GROUP, to = end * GRAD_RANDOM_GROUP;
    to = to < r->n ? to : r->n;
    r->kernels->draw_mask(r->seed, r->stream, begin, to - from, r->keep,
                          r->mask + from);
    if (r->run == 1)
        r->kernels->apply_mask(to - from, r->x + from * r->item, r->mask + from,
                               r->scale, r->shift, r->y + from * r->item);
}

static void apply_range(void *context, size_t begin, size_t end, int part)
{
    const struct pass *r = context;
    r->kernels->apply_mask(end - begin, r->x + begin * r->item, r->mask + begin,
                           r->scale, r->shift, r->y + begin * r->item);
}

static void apply_runs(void *context, size_t begin, size_t end, int part)
{
    const struct pass *r = context;
    for (size_t i = begin; i < end; i++) {
        size_t skip = i * r->run * r->item;
        r->kernels->run_apply(r->run, r->x + skip, 0, r->scale[r->mask[i]], 0,
                              NULL, NULL, r->y + skip);
    }
}

// Scales and shifts. Alpha dropout sets to -alpha, where SELU saturates, and
// then brings mean and variance back to 0 and 1.
static void set_factors(struct pass *r, enum variant variant, double p)
{
    double keep = 1 - p;
    r->keep = (uint64_t)ldexp(keep, 32);
    memset(r->scale, 0, sizeof r->scale);
    memset(r->shift, 0, sizeof r->shift);
    if (variant == ALPHA) {
        const double alpha = 1.0507009873554804934 * 1.6732632423543772848;
        double a = keep > 0 ? 1 / sqrt((alpha * alpha * p + 1) * keep) : 0;
        r->scale[1] = a;
        r->shift[0] = alpha * a * (p - 1);
        r->shift[1] = alpha * a * p;
    } else {
        r->scale[1] = keep > 0 ? 1 / keep : 0;
    }
}

static void pass_init(struct pass *r, const struct grad_op *op, double p,
                      const struct grad_tensor *x)
{
    *r = (struct pass){.kernels = grad_kernels(x->dtype)->nn,
                       .item = grad_dtype_size(x->dtype),
                       .n = x->numel,
                       .run = 1};
    if (op->variant == CHANNELS && x->numel) {
        r->n = x->shape[0] * x->shape[1];
        r->run = x->numel / r->n;
    }
    set_factors(r, (enum variant)op->variant, p);
}

static bool check(const struct grad_call *call, struct grad_error *error)
{
    const struct grad_tensor *x = call->in[0];
    double p = call->attrs->f[0];
    char tx[GRAD_SHAPE_TEXT];
    if (!(p >= 0 && p <= 1))
        return grad_op_fail(call->op, error,
                            "p is %g; expected the share that is dropped, 0 "
                            "to 1",
                            p);
    if (call->op->variant == CHANNELS && x->ndim < 2)
        return grad_op_fail(call->op, error,
                            "input is %s; expected (N, channels, ...)",
                            grad_shape_text(tx, x->ndim, x->shape));
    return true;
}

bool grad_dropout_forward(struct grad_call *call, struct grad_error *error)
{
    struct grad_tensor *x = call->in[0];
    bool training = call->attrs->i[0];
    if (!check(call, error))
        return false;
    if (!training || call->attrs->f[0] == 0) {
        call->out[0] = grad_tensor_clone(x, error);
        return call->out[0] != NULL;
    }
    struct pass r;
    pass_init(&r, call->op, call->attrs->f[0], x);
    size_t words = (r.n + sizeof(float) - 1) / sizeof(float);
    call->kept[0] = grad_tensor_new(GRAD_FLOAT32, 1, &words, error);
    struct grad_tensor *y =
        call->kept[0] ? grad_tensor_new_like(x, error) : NULL;
    if (!y)
        return false;
    call->out[0] = y;
    r.seed = grad_random_state().seed;
    r.stream = grad_random_stream();
    r.mask = call->kept[0]->data;
    r.x = x->data;
    r.y = y->data;
    grad_parallel((r.n + GRAD_RANDOM_GROUP - 1) / GRAD_RANDOM_GROUP, GROUPS,
                  draw_groups, &r);
    if (r.run != 1)
        grad_parallel(r.n, 16384 / r.run + 1, apply_runs, &r);
    return true;
}

// gx = g scale[mask]
bool grad_dropout_backward(struct grad_backward *b, struct grad_error *error)
{
    struct grad_tensor *g = b->gout[0];
    if (!b->kept[0]) {
        b->gin[0] = grad_tensor_retain(g);
        return true;
    }
    b->gin[0] = grad_backward_buffer(b, 0, error);
    if (!b->gin[0])
        return false;
    struct pass r;
    pass_init(&r, b->op, b->attrs->f[0], b->in[0]);
    memset(r.shift, 0, sizeof r.shift);
    r.mask = b->kept[0]->data;
    r.x = g->data;
    r.y = b->gin[0]->data;
    if (r.run == 1)
        grad_parallel(r.n, 16384, apply_range, &r);
    else
        grad_parallel(r.n, 16384 / r.run + 1, apply_runs, &r);
    return true;
}
