// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/update.h"

#include <math.h>

#include "engine/kernel/kernel.h"
#include "engine/kernel/nn.h"
#include "engine/thread.h"

enum { GRAIN = 16384 };

// Every rule begins with these options.
#define COMMON(lr)                                                             \
    {"lr", lr}, {"maximize", 0}, {"weight_decay", 0}, {"l1", 0},               \
    {                                                                          \
        "decoupled", 0                                                         \
    }
enum { LR, MAXIMIZE, WEIGHT_DECAY, L1, DECOUPLED, OWN };

// k[0] to k[3], the same for every rule: the sign of g, the slopes of the
// penalties (decay / 2 |w|^2 and l1 |w|_1), and the factor of decoupled decay.
static void prepare_common(const double *o, double *k)
{
    k[0] = o[MAXIMIZE] != 0 ? -1 : 1;
    k[1] = o[DECOUPLED] != 0 ? 0 : o[WEIGHT_DECAY];
    k[2] = o[L1];
    k[3] = o[DECOUPLED] != 0 ? 1 - o[LR] * o[WEIGHT_DECAY] : 1;
}

// --- SGD ---------------------------------------------------------------------
// u = momentum u + (1 - dampening) g, undampened at the first step; w -= lr u,
// or lr (g + momentum u) with Nesterov's. As a true average: u = momentum u +
// (1 - momentum) g, from the first step on.

enum { MOMENTUM = OWN, DAMPENING, NESTEROV, AVERAGE };

static int plan_sgd(const double *o, const char **state)
{
    if (o[MOMENTUM] == 0)
        return GRAD_UPDATE_sgd;
    state[0] = "momentum_buffer";
    return GRAD_UPDATE_sgd_momentum;
}

static void prepare_sgd(const double *o, double step, double *product,
                        double *k)
{
    bool nesterov = o[NESTEROV] != 0;
    k[4] = o[LR];
    k[5] = o[MOMENTUM];
    k[6] = o[AVERAGE] != 0 ? 1 - o[MOMENTUM] : step <= 1 ? 1 : 1 - o[DAMPENING];
    k[7] = nesterov ? 1 : 0;
    k[8] = nesterov ? o[MOMENTUM] : 1;
    if (nesterov && o[AVERAGE] != 0)
        k[7] = 1 - o[MOMENTUM];
}

// --- rules that divide by a root ---------------------------------------------

enum { ADAGRAD_EPS = OWN, LR_DECAY };

static int plan_adagrad(const double *o, const char **state)
{
    state[0] = "sum";
    return GRAD_UPDATE_adagrad;
}

static void prepare_adagrad(const double *o, double step, double *product,
                            double *k)
{
    k[4] = o[LR] / (1 + (step - 1) * o[LR_DECAY]);
    k[5] = o[ADAGRAD_EPS];
}

enum { RMS_ALPHA = OWN, RMS_EPS, RMS_MOMENTUM, RMS_CENTERED };

static int plan_rmsprop(const double *o, const char **state)
{
    bool centered = o[RMS_CENTERED] != 0, momentum = o[RMS_MOMENTUM] != 0;
    state[0] = "square_avg";
    if (centered)
        state[1] = "grad_avg";
    if (momentum)
        state[centered ? 2 : 1] = "momentum_buffer";
    return centered && momentum ? GRAD_UPDATE_rmsprop_both
           : centered           ? GRAD_UPDATE_rmsprop_centered
           : momentum           ? GRAD_UPDATE_rmsprop_momentum
                                : GRAD_UPDATE_rmsprop;
}

static void prepare_rmsprop(const double *o, double step, double *product,
                            double *k)
{
    k[4] = o[LR];
    k[5] = o[RMS_ALPHA];
    k[6] = 1 - o[RMS_ALPHA];
    k[7] = o[RMS_EPS];
    k[8] = o[RMS_MOMENTUM];
}

enum { RHO = OWN, ADADELTA_EPS };

static int plan_adadelta(const double *o, const char **state)
{
    state[0] = "square_avg";
    state[1] = "acc_delta";
    return GRAD_UPDATE_adadelta;
}

static void prepare_adadelta(const double *o, double step, double *product,
                             double *k)
{
    k[4] = o[LR];
    k[5] = o[RHO];
    k[6] = 1 - o[RHO];
    k[7] = o[ADADELTA_EPS];
}

// --- Adam and its kin --------------------------------------------------------
// m = beta1 m + (1 - beta1) g,  v = beta2 v + (1 - beta2) g^2, both corrected
// for their start at 0 by 1 - beta^t.

enum { BETA1 = OWN, BETA2, EPS, AMSGRAD, MOMENTUM_DECAY = AMSGRAD };

static int plan_moments(const char **state, int kind)
{
    state[0] = "exp_avg";
    state[1] = "exp_avg_sq";
    return kind;
}

static int plan_adam(const double *o, const char **state)
{
    state[2] = o[AMSGRAD] != 0 ? "max_exp_avg_sq" : NULL;
    return plan_moments(state, o[AMSGRAD] != 0 ? GRAD_UPDATE_adam_amsgrad
                                               : GRAD_UPDATE_adam);
}

// 1 - beta^t, for small t without pow.
static double correction(double beta, double step)
{
    return 1 - pow(beta, step);
}

static void prepare_moments(const double *o, double *k)
{
    k[5] = 1 - o[BETA1];
    k[6] = o[BETA2];
    k[7] = 1 - o[BETA2];
    k[8] = o[EPS];
    k[9] = 1;
}

// w -= lr / (1 - beta1^t) m / (sqrt(v / (1 - beta2^t)) + eps)
static void prepare_adam(const double *o, double step, double *product,
                         double *k)
{
    prepare_moments(o, k);
    k[4] = o[LR] / correction(o[BETA1], step);
    k[9] = 1 / sqrt(correction(o[BETA2], step));
}

static int plan_adamax(const double *o, const char **state)
{
    state[0] = "exp_avg";
    state[1] = "exp_inf";
    return GRAD_UPDATE_adamax;
}

// w -= lr / (1 - beta1^t) m / u,  u = max(beta2 u, |g| + eps)
static void prepare_adamax(const double *o, double step, double *product,
                           double *k)
{
    prepare_moments(o, k);
    k[4] = o[LR] / correction(o[BETA1], step);
    k[7] = o[EPS];
}

static int plan_nadam(const double *o, const char **state)
{
    return plan_moments(state, GRAD_UPDATE_nadam);
}

// mu_t = beta1 (1 - 0.96^(t decay) / 2), and p the product of all up to t:
// w -= lr ((1 - mu_t) / (1 - p) g + mu_t+1 / (1 - p mu_t+1) m) / (root + eps)
static void prepare_nadam(const double *o, double step, double *product,
                          double *k)
{
    double decay = o[MOMENTUM_DECAY];
    double mu = o[BETA1] * (1 - 0.5 * pow(0.96, step * decay));
    double next = o[BETA1] * (1 - 0.5 * pow(0.96, (step + 1) * decay));
    *product *= mu;
    prepare_moments(o, k);
    k[4] = o[LR] * (1 - mu) / (1 - *product);
    k[9] = 1 / sqrt(correction(o[BETA2], step));
    k[10] = o[LR] * next / (1 - *product * next);
}

static int plan_radam(const double *o, const char **state)
{
    return plan_moments(state, GRAD_UPDATE_radam);
}

// Steps by the mean alone until the root is known well enough (rho > 5).
static void prepare_radam(const double *o, double step, double *product,
                          double *k)
{
    double unbias = correction(o[BETA2], step);
    double most = 2 / (1 - o[BETA2]) - 1;
    double rho = most - 2 * step * (1 - unbias) / unbias;
    double rate = o[LR] / correction(o[BETA1], step);
    prepare_moments(o, k);
    k[4] = rate;
    k[10] = 0;
    if (rho > 5) {
        double rectified = sqrt((rho - 4) * (rho - 2) * most /
                                ((most - 4) * (most - 2) * rho));
        k[4] = 0;
        k[10] = rate * rectified * sqrt(unbias);
    }
}

// --- Rprop -------------------------------------------------------------------

enum { ETA_MINUS = OWN, ETA_PLUS, STEP_MIN, STEP_MAX };

static int plan_rprop(const double *o, const char **state)
{
    state[0] = "prev";
    state[1] = "step_size";
    return GRAD_UPDATE_rprop;
}

static void prepare_rprop(const double *o, double step, double *product,
                          double *k)
{
    k[4] = o[LR];
    k[5] = o[ETA_MINUS];
    k[6] = o[ETA_PLUS];
    k[7] = o[STEP_MIN];
    k[8] = o[STEP_MAX];
}

// --- the table ---------------------------------------------------------------

#define ADAM_OPTIONS(lr)                                                       \
    COMMON(lr), {"beta1", 0.9}, {"beta2", 0.999},                              \
    {                                                                          \
        "eps", 1e-8                                                            \
    }

const struct grad_update_rule grad_update_rules[] = {
    {"sgd",
     "w -= lr u with u = momentum u + (1 - dampening) g",
     {COMMON(1e-3),
      {"momentum", 0},
      {"dampening", 0},
      {"nesterov", 0},
      {"average", 0}},
     plan_sgd,
     -1,
     prepare_sgd},
    {"adagrad",
     "s += g^2;  w -= lr g / (sqrt(s) + eps)",
     {COMMON(1e-2), {"eps", 1e-10}, {"lr_decay", 0}},
     plan_adagrad,
     -1,
     prepare_adagrad},
    {"rmsprop",
     "s = alpha s + (1 - alpha) g^2;  w -= lr g / (sqrt(s) + eps)",
     {COMMON(1e-2),
      {"alpha", 0.99},
      {"eps", 1e-8},
      {"momentum", 0},
      {"centered", 0}},
     plan_rmsprop,
     -1,
     prepare_rmsprop},
    {"adadelta",
     "w -= lr d, where d is g times the ratio of the roots of the mean\n"
     "squares of earlier d and of g",
     {COMMON(1), {"rho", 0.9}, {"eps", 1e-6}},
     plan_adadelta,
     -1,
     prepare_adadelta},
    {"adam",
     "w -= lr m / (sqrt(v) + eps), m and v being the unbiased running means\n"
     "of g and g^2; decoupled = true is AdamW",
     {ADAM_OPTIONS(1e-3), {"amsgrad", 0}},
     plan_adam,
     -1,
     prepare_adam},
    {"adamax",
     "w -= lr m / u with u = max(beta2 u, |g| + eps)",
     {ADAM_OPTIONS(2e-3)},
     plan_adamax,
     -1,
     prepare_adamax},
    {"nadam",
     "Adam with Nesterov's look ahead",
     {ADAM_OPTIONS(2e-3), {"momentum_decay", 4e-3}},
     plan_nadam,
     -1,
     prepare_nadam},
    {"radam",
     "Adam that waits until the variance is known well enough",
     {ADAM_OPTIONS(1e-3)},
     plan_radam,
     -1,
     prepare_radam},
    {"rprop",
     "w -= sign(g) step, where step grows while g keeps its sign",
     {COMMON(1e-2),
      {"eta_minus", 0.5},
      {"eta_plus", 1.2},
      {"step_min", 1e-6},
      {"step_max", 50}},
     plan_rprop,
     1,
     prepare_rprop},
    {0}};

// --- the run -----------------------------------------------------------------

struct run {
    struct grad_update_slot *slots;
    size_t n;
    int kind;
};

static void run_slot(const struct grad_update_slot *s, int kind, size_t begin,
                     size_t end)
{
    size_t skip = begin * grad_dtype_size(s->w->dtype);
    void *state[GRAD_UPDATE_STATES];
    for (int i = 0; i < GRAD_UPDATE_STATES; i++)
        state[i] = s->state[i] ? (char *)s->state[i] + skip : NULL;
    grad_kernels(s->w->dtype)
        ->nn->update[kind](end - begin, (char *)s->w->data + skip,
                           (const char *)s->g->data + skip, state, s->k);
}

// Elements [begin, end) of all slots laid end to end.
static void run_range(void *context, size_t begin, size_t end, int part)
{
    const struct run *run = context;
    for (size_t i = 0; i < run->n; i++) {
        const struct grad_update_slot *s = &run->slots[i];
        size_t last = s->first + s->w->numel;
        size_t from = s->first > begin ? s->first : begin;
        size_t to = last < end ? last : end;
        if (from < to)
            run_slot(s, run->kind, from - s->first, to - s->first);
    }
}

void grad_update_run(const struct grad_update_rule *rule, int kind,
                     const double *options, struct grad_update_slot *slots,
                     size_t n)
{
    struct run run = {slots, n, kind};
    size_t total = 0;
    for (size_t i = 0; i < n; i++) {
        struct grad_update_slot *s = &slots[i];
        if (i > 0 && s->step == slots[i - 1].step &&
            s->product == slots[i - 1].product &&
            rule->prepare != prepare_nadam) {
            for (int c = 0; c < GRAD_UPDATE_COEFFICIENTS; c++)
                s->k[c] = slots[i - 1].k[c];
        } else {
            prepare_common(options, s->k);
            rule->prepare(options, s->step, &s->product, s->k);
        }
        s->first = total;
        total += s->w->numel;
        grad_tensor_touch(s->w);
    }
    grad_parallel(total, GRAIN, run_range, &run);
}

// --- gradients as one vector -------------------------------------------------

static double power_sum(const struct grad_tensor *t, double p)
{
    double sum = 0;
    for (size_t i = 0; i < t->numel; i++)
        sum += pow(fabs(grad_tensor_get(t, i)), p);
    return sum;
}

double grad_update_norm(struct grad_tensor *const *t, size_t n, double p)
{
    double total = 0;
    for (size_t i = 0; i < n; i++) {
        const struct grad_nn_kernels *k = grad_kernels(t[i]->dtype)->nn;
        double part = isinf(p) ? k->max_abs(t[i]->numel, t[i]->data)
                      : p == 2 ? k->sum_squares(t[i]->numel, t[i]->data)
                      : p == 1 ? k->sum_abs(t[i]->numel, t[i]->data)
                               : power_sum(t[i], p);
        if (!isinf(p))
            total += part;
        else if (part > total || part != part)
            total = part;
    }
    return isinf(p) || p == 1 ? total
           : p == 2           ? sqrt(total)
                              : pow(total, 1 / p);
}

void grad_update_scale(struct grad_tensor *const *t, size_t n, double scale)
{
    for (size_t i = 0; i < n; i++) {
        grad_kernels(t[i]->dtype)
            ->scale(t[i]->numel, scale, t[i]->data, t[i]->data);
        grad_tensor_touch(t[i]);
    }
}

void grad_update_clamp(struct grad_tensor *const *t, size_t n, double limit)
{
    for (size_t i = 0; i < n; i++) {
        grad_kernels(t[i]->dtype)
            ->nn->clamp_all(t[i]->numel, limit, t[i]->data);
        grad_tensor_touch(t[i]);
    }
}
