// SPDX-License-Identifier: GPL-3.0-or-later
// Every update rule against its formula, written out here once more for one
// number; the state, the skipped first steps and the norms.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <math.h>

#include "engine/copy.h"
#include "engine/random.h"
#include "engine/update.h"

enum { N = 37, STEPS = 9 };

// One number's way: w, three numbers of state, the product of NAdam.
struct one {
    double w, a, b, c, product;
};

#define LR(o, d) value(o, "lr", d)

struct given {
    const char *name;
    double value;
};

static double value(const struct given *o, const char *name, double fallback)
{
    for (; o->name; o++) {
        if (!strcmp(o->name, name))
            return o->value;
    }
    return fallback;
}

static void sgd(struct one *s, double g, int t, const struct given *o)
{
    double m = value(o, "momentum", 0), lr = LR(o, 1e-3);
    if (value(o, "average", 0) != 0)
        s->a = m * s->a + (1 - m) * g;
    else
        s->a = t == 1 ? g : m * s->a + (1 - value(o, "dampening", 0)) * g;
    s->w -= lr * (value(o, "nesterov", 0) != 0 ? g + m * s->a
                  : m != 0                     ? s->a
                                               : g);
}

static void adagrad(struct one *s, double g, int t, const struct given *o)
{
    double lr = LR(o, 1e-2) / (1 + (t - 1) * value(o, "lr_decay", 0));
    s->a += g * g;
    s->w -= lr * g / (sqrt(s->a) + 1e-10);
}

static void rmsprop(struct one *s, double g, int t, const struct given *o)
{
    double k = value(o, "alpha", 0.99), m = value(o, "momentum", 0);
    s->a = k * s->a + (1 - k) * g * g;
    s->b = k * s->b + (1 - k) * g;
    double centre = value(o, "centered", 0) != 0 ? s->b * s->b : 0;
    s->c = m * s->c + g / (sqrt(s->a - centre) + 1e-8);
    s->w -= LR(o, 1e-2) * s->c;
}

static void adadelta(struct one *s, double g, int t, const struct given *o)
{
    double rho = value(o, "rho", 0.9);
    s->a = rho * s->a + (1 - rho) * g * g;
    double d = sqrt(s->b + 1e-6) / sqrt(s->a + 1e-6) * g;
    s->b = rho * s->b + (1 - rho) * d * d;
    s->w -= LR(o, 1) * d;
}

// The means of g and g^2, corrected for their start at 0.
static void moments(struct one *s, double g, int t, double *m, double *v)
{
    s->a = 0.9 * s->a + 0.1 * g;
    s->b = 0.999 * s->b + 0.001 * g * g;
    *m = s->a / (1 - pow(0.9, t));
    *v = s->b / (1 - pow(0.999, t));
}

static void adam(struct one *s, double g, int t, const struct given *o)
{
    double m, v;
    moments(s, g, t, &m, &v);
    s->c = fmax(s->c, s->b);
    if (value(o, "amsgrad", 0) != 0)
        v = s->c / (1 - pow(0.999, t));
    s->w -= LR(o, 1e-3) * m / (sqrt(v) + 1e-8);
}

static void adamax(struct one *s, double g, int t, const struct given *o)
{
    s->a = 0.9 * s->a + 0.1 * g;
    s->b = fmax(0.999 * s->b, fabs(g) + 1e-8);
    s->w -= LR(o, 2e-3) / (1 - pow(0.9, t)) * s->a / s->b;
}

static void nadam(struct one *s, double g, int t, const struct given *o)
{
    double m, v, mu = 0.9 * (1 - 0.5 * pow(0.96, t * 4e-3));
    double next = 0.9 * (1 - 0.5 * pow(0.96, (t + 1) * 4e-3));
    moments(s, g, t, &m, &v);
    s->product *= mu;
    s->w -= LR(o, 2e-3) *
            ((1 - mu) / (1 - s->product) * g +
             next / (1 - s->product * next) * s->a) /
            (sqrt(v) + 1e-8);
}

static void radam(struct one *s, double g, int t, const struct given *o)
{
    double m, v, most = 2 / (1 - 0.999) - 1, p = pow(0.999, t);
    double rho = most - 2 * t * p / (1 - p), lr = LR(o, 1e-3);
    moments(s, g, t, &m, &v);
    if (rho <= 5) {
        s->w -= lr * m;
        return;
    }
    double r =
        sqrt((rho - 4) * (rho - 2) * most / ((most - 4) * (most - 2) * rho));
    s->w -= lr * m * r * sqrt(1 - p) / (sqrt(s->b) + 1e-8);
}

static void rprop(struct one *s, double g, int t, const struct given *o)
{
    if (t == 1)
        s->b = LR(o, 1e-2);
    double sign = g * s->a;
    s->b *= sign > 0 ? 1.2 : sign < 0 ? 0.5 : 1;
    s->b = fmin(fmax(s->b, 1e-6), 50);
    s->a = sign < 0 ? 0 : g;
    s->w -= s->a > 0 ? s->b : s->a < 0 ? -s->b : 0;
}

static const struct {
    const char *rule;
    void (*formula)(struct one *s, double g, int t, const struct given *o);
    struct given given[6];
} cases[] = {
    {"sgd", sgd, {{"lr", 0.1}}},
    {"sgd", sgd, {{"momentum", 0.9}, {"dampening", 0.3}}},
    {"sgd", sgd, {{"momentum", 0.9}, {"nesterov", 1}}},
    {"sgd", sgd, {{"momentum", 0.9}, {"average", 1}}},
    {"sgd", sgd, {{"lr", 0.1}, {"maximize", 1}, {"weight_decay", 0.1}}},
    {"sgd", sgd, {{"lr", 0.1}, {"l1", 0.2}}},
    {"sgd", sgd, {{"lr", 0.1}, {"weight_decay", 0.1}, {"decoupled", 1}}},
    {"adagrad", adagrad, {{"lr_decay", 0.1}, {"weight_decay", 0.01}}},
    {"rmsprop", rmsprop, {{"alpha", 0.9}}},
    {"rmsprop", rmsprop, {{"alpha", 0.9}, {"centered", 1}}},
    {"rmsprop", rmsprop, {{"momentum", 0.5}}},
    {"rmsprop", rmsprop, {{"momentum", 0.5}, {"centered", 1}}},
    {"adadelta", adadelta, {{"rho", 0.8}}},
    {"adam", adam, {{"lr", 0.1}}},
    {"adam", adam, {{"amsgrad", 1}, {"weight_decay", 0.1}}},
    {"adam", adam, {{"weight_decay", 0.1}, {"decoupled", 1}}},
    {"adamax", adamax, {{"lr", 0.1}}},
    {"nadam", nadam, {{"lr", 0.1}}},
    {"radam", radam, {{"lr", 0.1}}},
    {"rprop", rprop, {{"lr", 0.1}}},
};

static const struct grad_update_rule *find(const char *name)
{
    const struct grad_update_rule *r = grad_update_rules;
    while (strcmp(r->name, name) != 0)
        r++;
    return r;
}

static void read_options(const struct grad_update_rule *r,
                         const struct given *given, double *option)
{
    for (int i = 0; i < GRAD_UPDATE_OPTIONS && r->option[i].name; i++)
        option[i] = value(given, r->option[i].name, r->option[i].fallback);
}

static struct grad_tensor *vector(enum grad_dtype dtype, double fill)
{
    size_t n = N;
    struct grad_tensor *t = grad_tensor_full(dtype, 1, &n, fill, NULL);
    assert_non_null(t);
    return t;
}

// The penalties and decoupled decay, which all rules share.
static void step_one(size_t c, struct one *s, double g, int t)
{
    const struct given *o = cases[c].given;
    double decay = value(o, "weight_decay", 0), l1 = value(o, "l1", 0);
    bool decoupled = value(o, "decoupled", 0) != 0;
    if (value(o, "maximize", 0) != 0)
        g = -g;
    if (!decoupled)
        g += decay * s->w;
    g += s->w > 0 ? l1 : s->w < 0 ? -l1 : 0;
    if (decoupled) {
        const struct grad_update_rule *r = find(cases[c].rule);
        s->w *= 1 - value(o, "lr", r->option[0].fallback) * decay;
    }
    cases[c].formula(s, g, t, o);
}

static void check_case(size_t c, enum grad_dtype dtype)
{
    const struct grad_update_rule *rule = find(cases[c].rule);
    double option[GRAD_UPDATE_OPTIONS];
    const char *names[GRAD_UPDATE_STATES] = {NULL};
    read_options(rule, cases[c].given, option);
    int kind = rule->plan(option, names);
    struct grad_tensor *w = vector(dtype, 0), *g = vector(dtype, 0);
    struct grad_tensor *state[GRAD_UPDATE_STATES];
    struct grad_update_slot slot = {.w = w, .g = g, .product = 1};
    for (int i = 0; i < GRAD_UPDATE_STATES; i++) {
        state[i] = names[i]
                       ? vector(dtype, rule->starts_as_lr == i ? option[0] : 0)
                       : NULL;
        slot.state[i] = state[i] ? state[i]->data : NULL;
    }
    struct one ones[N];
    grad_random_normal(w, 0, 1);
    for (size_t i = 0; i < N; i++)
        ones[i] = (struct one){.w = grad_tensor_get(w, i), .product = 1};
    for (int t = 1; t <= STEPS; t++) {
        grad_random_normal(g, 0, 1);
        slot.step = t;
        grad_update_run(rule, kind, option, &slot, 1);
        for (size_t i = 0; i < N; i++)
            step_one(c, &ones[i], grad_tensor_get(g, i), t);
    }
    double tolerance = dtype == GRAD_FLOAT32 ? 1e-5 : 1e-12;
    for (size_t i = 0; i < N; i++) {
        double error = fabs(grad_tensor_get(w, i) - ones[i].w);
        if (!(error <= tolerance * fmax(1, fabs(ones[i].w))))
            fail_msg("%s (case %zu): element %zu is off by %g", cases[c].rule,
                     c, i, error);
    }
    for (int i = 0; i < GRAD_UPDATE_STATES; i++)
        grad_tensor_release(state[i]);
    grad_tensor_release(w);
    grad_tensor_release(g);
}

static void rules_are_their_formulas(void **state)
{
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        check_case(c, GRAD_FLOAT64);
        check_case(c, GRAD_FLOAT32);
    }
}

// Slots of different steps and sizes in one run give what single runs give.
static void one_run_is_many(void **state)
{
    const struct grad_update_rule *rule = find("adam");
    const char *names[GRAD_UPDATE_STATES] = {NULL};
    struct given none[] = {{NULL, 0}};
    double option[GRAD_UPDATE_OPTIONS];
    read_options(rule, none, option);
    int kind = rule->plan(option, names);
    enum { SLOTS = 4 };
    struct grad_update_slot slot[2][SLOTS] = {0};
    struct grad_tensor *kept[2][SLOTS][4];
    for (int k = 0; k < 2; k++) {
        grad_random_seed(5);
        for (int s = 0; s < SLOTS; s++) {
            size_t n = s == 2 ? 40000 : (size_t)s + 1;
            for (int i = 0; i < 4; i++) {
                kept[k][s][i] = grad_tensor_full(GRAD_FLOAT32, 1, &n, 0, NULL);
                if (i < 2)
                    grad_random_normal(kept[k][s][i], 0, 1);
            }
            slot[k][s] = (struct grad_update_slot){
                .w = kept[k][s][0],
                .g = kept[k][s][1],
                .state = {kept[k][s][2]->data, kept[k][s][3]->data},
                .step = s < 2 ? 1 : 7,
                .product = 1};
        }
    }
    grad_update_run(rule, kind, option, slot[0], SLOTS);
    for (int s = 0; s < SLOTS; s++)
        grad_update_run(rule, kind, option, &slot[1][s], 1);
    for (int s = 0; s < SLOTS; s++) {
        for (int i = 0; i < 4; i++) {
            const struct grad_tensor *a = kept[0][s][i], *b = kept[1][s][i];
            assert_memory_equal(a->data, b->data, a->numel * sizeof(float));
            grad_tensor_release(kept[0][s][i]);
            grad_tensor_release(kept[1][s][i]);
        }
    }
}

static void norms_see_all_elements(void **state)
{
    struct grad_tensor *t[2] = {vector(GRAD_FLOAT32, 2),
                                vector(GRAD_FLOAT64, -3)};
    double squares = N * (4.0 + 9.0), cubes = N * (8.0 + 27.0);
    assert_true(fabs(grad_update_norm(t, 2, 2) - sqrt(squares)) < 1e-9);
    assert_true(fabs(grad_update_norm(t, 2, 1) - N * 5.0) < 1e-9);
    assert_true(fabs(grad_update_norm(t, 2, 3) - cbrt(cubes)) < 1e-9);
    assert_true(grad_update_norm(t, 2, INFINITY) == 3);
    grad_update_scale(t, 2, 0.5);
    assert_true(grad_tensor_get(t[1], N - 1) == -1.5);
    grad_update_clamp(t, 2, 1.25);
    assert_true(grad_tensor_get(t[1], 0) == -1.25);
    assert_true(grad_tensor_get(t[0], N - 1) == 1);
    for (size_t i = 0; i < N; i += 18) { // in a vector, and behind the last
        grad_tensor_set(t[0], i, NAN);
        assert_true(isnan(grad_update_norm(t, 2, 2)));
        assert_true(isnan(grad_update_norm(t, 2, INFINITY)));
        grad_update_clamp(t, 2, 1);
        assert_true(isnan(grad_tensor_get(t[0], i)));
        grad_tensor_set(t[0], i, INFINITY);
        assert_true(grad_update_norm(t, 2, INFINITY) == INFINITY);
        grad_tensor_set(t[0], i, 0);
    }
    grad_tensor_release(t[0]);
    grad_tensor_release(t[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_are_their_formulas),
        cmocka_unit_test(one_run_is_many),
        cmocka_unit_test(norms_see_all_elements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
