// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/random.h"

#include <lauxlib.h>
#include <math.h>

#include "bind/arguments.h"
#include "bind/box.h"
#include "bind/change.h"
#include "bind/create.h"
#include "bind/entry.h"
#include "engine/autograd.h"
#include "engine/copy.h"
#include "engine/random.h"

// A new tensor of the sizes from `index` on, in a box on the stack's top.
static struct grad_tensor *push_sized(lua_State *L, int index)
{
    size_t shape[GRAD_MAX_DIMS];
    int next, ndim = grad_sizes_check(L, index, shape, &next);
    return grad_new_push(L, ndim, shape, grad_new_options_check(L, next));
}

enum kind { NORMAL, UNIFORM, BERNOULLI };

// Fills t; Ctrl-C ends it early and raises.
static void fill(lua_State *L, struct grad_tensor *t, enum kind kind, double a,
                 double b)
{
    bool before = grad_stoppable_begin();
    if (kind == NORMAL)
        grad_random_normal(t, a, b);
    else if (kind == UNIFORM)
        grad_random_uniform(t, a, b);
    else
        grad_random_bernoulli(t, a);
    grad_stoppable_end(L, before);
}

static int random_rand(lua_State *L)
{
    fill(L, push_sized(L, 1), UNIFORM, 0, 1);
    return 1;
}

static int random_randn(lua_State *L)
{
    fill(L, push_sized(L, 1), NORMAL, 0, 1);
    return 1;
}

static int random_randint(lua_State *L)
{
    lua_Integer lo = luaL_checkinteger(L, 1), hi = luaL_checkinteger(L, 2);
    luaL_argcheck(L, lo <= hi, 2, "the range is empty: low is above high");
    luaL_argcheck(L, lo > -((lua_Integer)1 << 53) && hi < (lua_Integer)1 << 53,
                  2, "beyond 2^53 whole numbers are not exact");
    struct grad_tensor *t = push_sized(L, 3);
    bool before = grad_stoppable_begin();
    grad_random_integers(t, lo, hi);
    grad_stoppable_end(L, before);
    return 1;
}

static int random_randperm(lua_State *L)
{
    lua_Integer n = luaL_checkinteger(L, 1);
    luaL_argcheck(L, n >= 0, 1, "expected 0 or more");
    struct grad_error error = {0};
    size_t shape = (size_t)n;
    struct grad_tensor **box = grad_box_push(L);
    *box = grad_tensor_new(GRAD_FLOAT64, 1, &shape, &error);
    if (!*box)
        return grad_raise(L, &error);
    bool before = grad_stoppable_begin();
    grad_random_permutation(*box);
    grad_stoppable_end(L, before);
    return 1;
}

static double probability(lua_State *L, int index)
{
    double p = luaL_checknumber(L, index);
    luaL_argcheck(L, p >= 0 && p <= 1, index,
                  "a probability lies between 0 and 1");
    return p;
}

static int random_bernoulli(lua_State *L)
{
    double p = probability(L, 1);
    fill(L, push_sized(L, 2), BERNOULLI, p, 0);
    return 1;
}

// --- in place ----------------------------------------------------------------

static int fill_in_place(lua_State *L, enum kind kind, double a, double b)
{
    struct grad_tensor *t = grad_tensor_check(L, 1);
    struct grad_error error = {0};
    if (t->requires_grad && grad_recording())
        return luaL_error(L, "this tensor requires a gradient; filling it "
                             "would lose its history. Hint: inside "
                             "autograd.no_grad(function() ... end)");
    lua_settop(L, 1);
    if (t->contiguous) {
        fill(L, t, kind, a, b);
        return 1;
    }
    struct grad_tensor **box = grad_box_push(L);
    *box = grad_tensor_new_like(t, &error);
    if (!*box)
        return grad_raise(L, &error);
    fill(L, *box, kind, a, b);
    if (!grad_tensor_copy(t, *box, &error))
        return grad_raise(L, &error);
    lua_settop(L, 1);
    return 1;
}

static int random_normal_(lua_State *L)
{
    return fill_in_place(L, NORMAL, luaL_optnumber(L, 2, 0),
                         luaL_optnumber(L, 3, 1));
}

static int random_uniform_(lua_State *L)
{
    return fill_in_place(L, UNIFORM, luaL_optnumber(L, 2, 0),
                         luaL_optnumber(L, 3, 1));
}

static int random_bernoulli_(lua_State *L)
{
    return fill_in_place(L, BERNOULLI,
                         lua_isnoneornil(L, 2) ? 0.5 : probability(L, 2), 0);
}

// --- the session -------------------------------------------------------------

static int random_seed(lua_State *L)
{
    if (!lua_isnoneornil(L, 1))
        grad_random_seed((uint64_t)luaL_checkinteger(L, 1));
    lua_pushinteger(L, (lua_Integer)grad_random_state().seed);
    return 1;
}

// random_state() -> {seed, stream, ones}; random_state(s) puts one back.
static int random_state(lua_State *L)
{
    struct grad_random_state s = grad_random_state();
    lua_createtable(L, 3, 0);
    lua_pushinteger(L, (lua_Integer)s.seed);
    lua_rawseti(L, -2, 1);
    lua_pushinteger(L, (lua_Integer)s.stream);
    lua_rawseti(L, -2, 2);
    lua_pushinteger(L, (lua_Integer)s.ones);
    lua_rawseti(L, -2, 3);
    if (lua_istable(L, 1)) {
        lua_rawgeti(L, 1, 1);
        lua_rawgeti(L, 1, 2);
        lua_rawgeti(L, 1, 3);
        s.seed = (uint64_t)luaL_checkinteger(L, -3);
        s.stream = (uint64_t)luaL_checkinteger(L, -2);
        s.ones = (uint64_t)luaL_optinteger(L, -1, 0);
        grad_random_set_state(s);
        lua_pop(L, 3);
    }
    return 1;
}

// Lua's own math.random, on the session's seed.
static int math_random(lua_State *L)
{
    lua_Integer lo = 1, hi;
    switch (lua_gettop(L)) {
    case 0:
        lua_pushnumber(L, grad_random_one());
        return 1;
    case 1:
        hi = luaL_checkinteger(L, 1);
        if (hi == 0) {
            lua_pushinteger(L, (lua_Integer)grad_random_bits());
            return 1;
        }
        break;
    case 2:
        lo = luaL_checkinteger(L, 1);
        hi = luaL_checkinteger(L, 2);
        break;
    default:
        return luaL_error(L, "math.random: at most two arguments");
    }
    luaL_argcheck(L, lo <= hi, lua_gettop(L), "interval is empty");
    uint64_t span = (uint64_t)hi - (uint64_t)lo + 1, bits;
    uint64_t limit = span ? UINT64_MAX - UINT64_MAX % span : UINT64_MAX;
    do
        bits = grad_random_bits();
    while (span && bits >= limit);
    lua_pushinteger(L,
                    (lua_Integer)((uint64_t)lo + (span ? bits % span : bits)));
    return 1;
}

static int math_randomseed(lua_State *L)
{
    double n = luaL_optnumber(L, 1, 1);
    grad_random_seed((uint64_t)(int64_t)n);
    return 0;
}

// --- opening -----------------------------------------------------------------

#define SIZED "{dtype: string = \"float32\", requires_grad: boolean = false})"

static const struct grad_entry creators[] = {
    {"rand", random_rand,
     "tensor.rand(...: integer, " SIZED " -> tensor\n"
     "Random numbers, uniform over [0, 1).\n"
     "> tensor.rand(2, 3):size()\n"
     "{2, 3}"},
    {"randn", random_randn,
     "tensor.randn(...: integer, " SIZED " -> tensor\n"
     "Random numbers from the normal distribution N(0, 1).\n"
     "> tensor.randn(2, 3):size()\n"
     "{2, 3}"},
    {"randint", random_randint,
     "tensor.randint(low: integer, high: integer, sizes: {integer}, " SIZED
     " -> tensor\n"
     "Random whole numbers from low to high, both included.\n"
     "> tensor.randint(1, 6, {10}):size(1)\n"
     "10"},
    {"randperm", random_randperm,
     "tensor.randperm(n: integer) -> tensor\n"
     "The numbers 1..n in random order, as float64.\n"
     "> tensor.randperm(4):sum():item()\n"
     "10.0"},
    {"bernoulli", random_bernoulli,
     "tensor.bernoulli(p: number, ...: integer, " SIZED " -> tensor\n"
     "1 with probability p, else 0.\n"
     "> tensor.bernoulli(1, 3):sum():item()\n"
     "3.0"},
    {"seed", random_seed, NULL},
    {"random_state", random_state, NULL},
    {NULL, NULL, NULL},
};

static const struct grad_entry methods[] = {
    {"normal_", random_normal_,
     "tensor:normal_(mean: number = 0, std: number = 1) -> tensor\n"
     "Fills the tensor with normally distributed random numbers and returns "
     "it.\n"
     "> tensor.zeros(3):normal_(5, 0)\n"
     "tensor{5, 5, 5}  -- float32 (3)"},
    {"uniform_", random_uniform_,
     "tensor:uniform_(low: number = 0, high: number = 1) -> tensor\n"
     "Fills the tensor with random numbers, uniform over [low, high), and "
     "returns it.\n"
     "> x = tensor.zeros(100):uniform_(2, 3)\n"
     "> x:min():item() >= 2 and x:max():item() <= 3\n"
     "true"},
    {"bernoulli_", random_bernoulli_,
     "tensor:bernoulli_(p: number = 0.5) -> tensor\n"
     "Fills the tensor with 1 with probability p, else 0, and returns it.\n"
     "> tensor.zeros(3):bernoulli_(1)\n"
     "tensor{1, 1, 1}  -- float32 (3)"},
    {NULL, NULL, NULL},
};

void grad_random_open(lua_State *L)
{
    grad_entries_open(L, creators, "tensor.");
    grad_methods_open(L, methods);
}

void grad_random_math(lua_State *L)
{
    lua_getglobal(L, "math");
    lua_pushcfunction(L, math_random);
    lua_setfield(L, -2, "random");
    lua_pushcfunction(L, math_randomseed);
    lua_setfield(L, -2, "randomseed");
    lua_pop(L, 1);
}
