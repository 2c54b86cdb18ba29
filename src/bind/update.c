// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/update.h"

#include <lauxlib.h>
#include <math.h>
#include <string.h>

#include "bind/box.h"
#include "engine/autograd.h"
#include "engine/copy.h"
#include "engine/profile.h"
#include "engine/update.h"

enum { PARAMS = 1, STATE, OPTIONS, STEPS, PRODUCTS, LISTS };
enum { NAMES = 3 }; // first of the upvalues that hold names

// Options that Lua keeps as a pair, and the engine's names of their halves.
static const struct {
    const char *name, *pair;
    int place;
} pairs[] = {{"beta1", "betas", 1},         {"beta2", "betas", 2},
             {"eta_minus", "etas", 1},      {"eta_plus", "etas", 2},
             {"step_min", "step_sizes", 1}, {"step_max", "step_sizes", 2}};

static int pair_of(const char *name)
{
    int i = (int)(sizeof pairs / sizeof *pairs) - 1;
    while (i >= 0 && strcmp(pairs[i].name, name) != 0)
        i--;
    return i;
}

// The key that Lua keeps it under.
static const char *key_of(const char *name)
{
    int pair = pair_of(name);
    return pair < 0 ? name : pairs[pair].pair;
}

// What the closure of a rule keeps as its first upvalue.
struct bound {
    const struct grad_update_rule *rule;
    int options;
    signed char pair[GRAD_UPDATE_OPTIONS]; // as pair_of gives it
    bool products;                         // it keeps one for each parameter
};

// What one call gathers before anything is changed. Upvalue 2 is memory for
// the slots, kept from call to call; from NAMES on there are the keys of the
// options, which are quicker to look up than C's strings.
struct step {
    lua_State *L;
    const struct bound *bound;
    const struct grad_update_rule *rule;
    double option[GRAD_UPDATE_OPTIONS];
    const char *state[GRAD_UPDATE_STATES];
    int kind;
    struct grad_update_slot *slots;
    size_t n;
};

// The value of an option that Lua keeps in a pair, on the stack's top; on it
// there is the pair. Whoever calls with the engine's own names is heard too.
static int push_half(struct step *s, int i)
{
    lua_State *L = s->L;
    if (lua_type(L, -1) == LUA_TTABLE)
        return lua_rawgeti(L, -1, pairs[s->bound->pair[i]].place);
    lua_pushstring(L, s->rule->option[i].name);
    return lua_rawget(L, OPTIONS);
}

static double read_option(struct step *s, int i)
{
    lua_State *L = s->L;
    lua_pushvalue(L, lua_upvalueindex(NAMES + i));
    int type = lua_rawget(L, OPTIONS);
    if (s->bound->pair[i] >= 0)
        type = push_half(s, i);
    switch (type) {
    case LUA_TNUMBER:
        return lua_tonumber(L, -1);
    case LUA_TBOOLEAN:
        return lua_toboolean(L, -1);
    case LUA_TNIL:
        return s->rule->option[i].fallback;
    default:
        return luaL_error(L, "%s: option '%s' should be a number; got %s",
                          s->rule->name, s->rule->option[i].name,
                          luaL_typename(L, -1));
    }
}

static void read_options(struct step *s)
{
    lua_State *L = s->L;
    luaL_checktype(L, PARAMS, LUA_TTABLE);
    luaL_checktype(L, STATE, LUA_TTABLE);
    luaL_checktype(L, OPTIONS, LUA_TTABLE);
    luaL_checkstack(L, 2 * GRAD_UPDATE_OPTIONS, s->rule->name);
    for (int i = 0; i < s->bound->options; i++)
        s->option[i] = read_option(s, i);
    lua_settop(L, OPTIONS);
}

// state[name] on the stack's top, made where it is not there yet.
static void push_list(lua_State *L, const char *name)
{
    if (lua_getfield(L, STATE, name) == LUA_TTABLE)
        return;
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_setfield(L, STATE, name);
}

static double read_number(lua_State *L, int list, int i, double fallback)
{
    int is_number;
    lua_rawgeti(L, list, i);
    double value = lua_tonumberx(L, -1, &is_number);
    lua_pop(L, 1);
    return is_number ? value : fallback;
}

// A new state tensor for parameter i, in its list.
static struct grad_tensor *make_state(struct step *s, int list, int i,
                                      const struct grad_tensor *w, double start)
{
    struct grad_error error = {0};
    struct grad_tensor **box = grad_box_push(s->L);
    *box = grad_tensor_full((enum grad_dtype)w->dtype, w->ndim, w->shape, start,
                            &error);
    if (!*box)
        grad_raise(s->L, &error);
    lua_rawseti(s->L, list, i);
    return *box;
}

static void complain(struct step *s, const struct grad_tensor *w,
                     const struct grad_tensor *t, const char *what, int i)
{
    char tw[GRAD_SHAPE_TEXT], tt[GRAD_SHAPE_TEXT];
    luaL_error(
        s->L, "%s: %s of parameter %d is %s %s%s; the parameter is %s %s",
        s->rule->name, what, i, grad_dtype_name(t->dtype),
        grad_shape_text(tt, t->ndim, t->shape),
        t->contiguous ? "" : ", not contiguous", grad_dtype_name(w->dtype),
        grad_shape_text(tw, w->ndim, w->shape));
}

static inline void check_fits(struct step *s, const struct grad_tensor *w,
                              const struct grad_tensor *t, const char *what,
                              int i)
{
    if (t->dtype != w->dtype || t->numel != w->numel || !t->contiguous)
        complain(s, w, t, what, i);
}

// Finds or makes the state tensors of parameter i.
static void gather_state(struct step *s, int i, struct grad_update_slot *slot)
{
    lua_State *L = s->L;
    for (int k = 0; k < GRAD_UPDATE_STATES; k++) {
        slot->state[k] = NULL;
        if (!s->state[k])
            continue;
        lua_rawgeti(L, LISTS + k, i);
        struct grad_tensor *t = grad_tensor_at(L, -1);
        lua_pop(L, 1); // the list keeps it
        if (!t)
            t = make_state(s, LISTS + k, i, slot->w,
                           s->rule->starts_as_lr == k ? s->option[0] : 0);
        check_fits(s, slot->w, t, s->state[k], i);
        grad_tensor_touch(t);
        slot->state[k] = t->data;
    }
}

// Fills the next slot for parameter i, if there is a gradient for it.
static void gather(struct step *s, int i)
{
    lua_State *L = s->L;
    lua_rawgeti(L, PARAMS, i);
    struct grad_tensor *w = grad_tensor_at(L, -1);
    if (!w)
        luaL_error(L, "%s: parameter %d should be a tensor; got %s",
                   s->rule->name, i, luaL_typename(L, -1));
    lua_pop(L, 1); // the list keeps it
    struct grad_tensor *g = grad_tensor_grad(w);
    if (!g)
        return;
    struct grad_update_slot *slot = &s->slots[s->n++];
    slot->w = w;
    slot->g = g;
    check_fits(s, w, w, "the memory", i);
    check_fits(s, w, g, "the gradient", i);
    gather_state(s, i, slot);
    slot->step = read_number(L, STEPS, i, 0) + 1;
    slot->product = s->bound->products ? read_number(L, PRODUCTS, i, 1) : 1;
    slot->index = i;
}

static void make_room(struct step *s, size_t n)
{
    lua_State *L = s->L;
    size_t bytes = n * sizeof *s->slots;
    s->slots = lua_touserdata(L, lua_upvalueindex(2));
    if (s->slots && lua_rawlen(L, lua_upvalueindex(2)) >= bytes)
        return;
    s->slots = lua_newuserdatauv(L, bytes ? bytes : 1, 0);
    lua_replace(L, lua_upvalueindex(2));
}

static void run(struct step *s)
{
    struct grad_profile_span span;
    if (grad_profile.on)
        grad_profile_begin(&span);
    grad_update_run(s->rule, s->kind, s->option, s->slots, s->n);
    if (grad_profile.on)
        grad_profile_end(&span, GRAD_PROFILE_UPDATE, grad_profile.label, false);
}

// Stack from STEPS on: state.step, state.mu_product, lists of tensors.
static void push_lists(struct step *s)
{
    lua_State *L = s->L;
    push_list(L, "step");
    if (s->bound->products)
        push_list(L, "mu_product");
    else
        lua_pushnil(L);
    for (int k = 0; k < GRAD_UPDATE_STATES; k++) {
        if (s->state[k])
            push_list(L, s->state[k]);
        else
            lua_pushnil(L);
    }
}

static int update(lua_State *L)
{
    struct step s;
    s.L = L;
    s.bound = lua_touserdata(L, lua_upvalueindex(1));
    s.rule = s.bound->rule;
    s.n = 0;
    for (int k = 0; k < GRAD_UPDATE_STATES; k++)
        s.state[k] = NULL;
    read_options(&s);
    s.kind = s.rule->plan(s.option, s.state);
    push_lists(&s);
    int n = (int)lua_rawlen(L, PARAMS);
    make_room(&s, (size_t)n);
    for (int i = 1; i <= n; i++)
        gather(&s, i);
    run(&s);
    for (size_t k = 0; k < s.n; k++) {
        lua_pushnumber(L, s.slots[k].step);
        lua_rawseti(L, STEPS, s.slots[k].index);
        if (!s.bound->products)
            continue;
        lua_pushnumber(L, s.slots[k].product);
        lua_rawseti(L, PRODUCTS, s.slots[k].index);
    }
    return 0;
}

// --- gradients ---------------------------------------------------------------

// The gradients of the parameters in the list at PARAMS, in memory on the
// stack's top.
static struct grad_tensor **read_gradients(lua_State *L, size_t *count,
                                           const char *who)
{
    luaL_checktype(L, PARAMS, LUA_TTABLE);
    int n = (int)lua_rawlen(L, PARAMS);
    struct grad_tensor **g =
        lua_newuserdatauv(L, (size_t)(n ? n : 1) * sizeof *g, 0);
    *count = 0;
    for (int i = 1; i <= n; i++) {
        lua_rawgeti(L, PARAMS, i);
        struct grad_tensor *w = grad_tensor_at(L, -1);
        if (!w)
            luaL_error(L, "%s: parameter %d should be a tensor; got %s", who, i,
                       luaL_typename(L, -1));
        lua_pop(L, 1);
        struct grad_tensor *grad = grad_tensor_grad(w);
        if (grad && !grad->contiguous)
            luaL_error(L, "%s: the gradient of parameter %d is not contiguous",
                       who, i);
        if (grad)
            g[(*count)++] = grad;
    }
    return g;
}

// zero(list): the gradients of all its tensors become zeros.
static int gradient_zero(lua_State *L)
{
    luaL_checktype(L, PARAMS, LUA_TTABLE);
    int n = (int)lua_rawlen(L, PARAMS);
    for (int i = 1; i <= n; i++) {
        lua_rawgeti(L, PARAMS, i);
        grad_zero_grad(grad_tensor_check(L, -1));
        lua_pop(L, 1);
    }
    return 0;
}

static int gradient_norm(lua_State *L)
{
    size_t n;
    double p = luaL_optnumber(L, 2, 2);
    luaL_argcheck(L, p > 0, 2, "a norm's power is above 0");
    struct grad_tensor **g = read_gradients(L, &n, "norm");
    lua_pushnumber(L, grad_update_norm(g, n, p));
    return 1;
}

static void touch(struct grad_tensor **g, size_t n)
{
    for (size_t i = 0; i < n; i++)
        grad_tensor_touch(g[i]);
}

static int gradient_scale(lua_State *L)
{
    size_t n;
    double scale = luaL_checknumber(L, 2);
    struct grad_tensor **g = read_gradients(L, &n, "scale");
    touch(g, n);
    grad_update_scale(g, n, scale);
    return 0;
}

static int gradient_clamp(lua_State *L)
{
    size_t n;
    double limit = luaL_checknumber(L, 2);
    luaL_argcheck(L, limit >= 0, 2, "a limit from 0 up");
    struct grad_tensor **g = read_gradients(L, &n, "clamp");
    touch(g, n);
    grad_update_clamp(g, n, limit);
    return 0;
}

// --- opening -----------------------------------------------------------------

// {name = ..., doc = ..., options = {lr = ..., ...}}
static void push_rule(lua_State *L, const struct grad_update_rule *rule)
{
    lua_createtable(L, 0, 3);
    lua_pushstring(L, rule->name);
    lua_setfield(L, -2, "name");
    lua_pushstring(L, rule->doc);
    lua_setfield(L, -2, "doc");
    lua_newtable(L);
    for (int i = 0; i < GRAD_UPDATE_OPTIONS && rule->option[i].name; i++) {
        lua_pushnumber(L, rule->option[i].fallback);
        lua_setfield(L, -2, rule->option[i].name);
    }
    lua_setfield(L, -2, "options");
}

static void push_bound(lua_State *L, const struct grad_update_rule *rule)
{
    struct bound *bound = lua_newuserdatauv(L, sizeof *bound, 0);
    bound->rule = rule;
    bound->products = !strcmp(rule->name, "nadam");
    bound->options = 0;
    while (bound->options < GRAD_UPDATE_OPTIONS &&
           rule->option[bound->options].name) {
        int i = bound->options++;
        bound->pair[i] = (signed char)pair_of(rule->option[i].name);
    }
}

void grad_update_open(lua_State *L)
{
    static const luaL_Reg functions[] = {{"norm", gradient_norm},
                                         {"scale", gradient_scale},
                                         {"clamp", gradient_clamp},
                                         {"zero", gradient_zero},
                                         {NULL, NULL}};
    luaL_newlib(L, functions);
    lua_newtable(L);
    for (int i = 0; grad_update_rules[i].name; i++) {
        const struct grad_update_rule *rule = &grad_update_rules[i];
        push_rule(L, rule);
        lua_rawseti(L, -2, i + 1);
        push_bound(L, rule);
        lua_pushnil(L);
        int names = 0;
        for (; names < GRAD_UPDATE_OPTIONS && rule->option[names].name; names++)
            lua_pushstring(L, key_of(rule->option[names].name));
        lua_pushcclosure(L, update, 2 + names);
        lua_setfield(L, -3, rule->name);
    }
    lua_setfield(L, -2, "rules");
    lua_setfield(L, -2, "update");
}
