// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/create.h"

#include <lauxlib.h>
#include <math.h>
#include <string.h>

#include "bind/arguments.h"
#include "bind/box.h"
#include "bind/change.h"
#include "bind/entry.h"
#include "engine/thread.h"

struct grad_tensor *grad_new_push(lua_State *L, int ndim, const size_t *shape,
                                  struct grad_new_options options)
{
    struct grad_error error = {0};
    grad_collect_check(L);
    struct grad_tensor **box = grad_box_push(L);
    *box = grad_tensor_new(options.dtype, ndim, shape, &error);
    if (!*box)
        grad_raise(L, &error);
    (*box)->requires_grad = options.requires_grad;
    return *box;
}

// --- from nested tables ------------------------------------------------------

struct nesting {
    lua_State *L;
    int ndim;
    size_t shape[GRAD_MAX_DIMS];
    struct grad_tensor *to;
    size_t at;
};

static void measure(struct nesting *n)
{
    lua_State *L = n->L;
    lua_pushvalue(L, 1);
    while (lua_istable(L, -1)) {
        if (n->ndim == GRAD_MAX_DIMS)
            luaL_error(L, "tensor: at most %d dimensions", GRAD_MAX_DIMS);
        size_t length = lua_rawlen(L, -1);
        n->shape[n->ndim++] = length;
        if (length == 0)
            break;
        lua_rawgeti(L, -1, 1);
        lua_remove(L, -2);
    }
    lua_pop(L, 1);
}

static void fill_nested(struct nesting *n, int d)
{
    lua_State *L = n->L;
    char text[GRAD_SHAPE_TEXT];
    if (d == n->ndim) {
        if (lua_type(L, -1) != LUA_TNUMBER)
            luaL_error(L, "tensor: element %d is a %s; expected a number%s",
                       (int)n->at + 1, luaL_typename(L, -1),
                       lua_istable(L, -1) ? ". The tables are not all nested "
                                            "equally deep"
                                          : "");
        grad_tensor_set(n->to, n->at++, lua_tonumber(L, -1));
        return;
    }
    size_t length = lua_istable(L, -1) ? lua_rawlen(L, -1) : 0;
    if (!lua_istable(L, -1) || length != n->shape[d])
        luaL_error(L,
                   "tensor: ragged tables: a row of length %d in dimension %d; "
                   "the first rows make it %s. Hint: all rows must have the "
                   "same length",
                   (int)length, d + 1,
                   grad_shape_text(text, n->ndim, n->shape));
    luaL_checkstack(L, 2, "nested tables");
    for (size_t i = 1; i <= length; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i);
        fill_nested(n, d + 1);
        lua_pop(L, 1);
    }
}

// tensor{1, 2, requires_gard = true}: any other field but the two is a slip.
static void check_fields(lua_State *L)
{
    lua_Integer length = (lua_Integer)lua_rawlen(L, 1);
    if (length)
        lua_pushinteger(L, length);
    else
        lua_pushnil(L);
    while (lua_next(L, 1)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) != LUA_TSTRING)
            continue;
        const char *name = lua_tostring(L, -1);
        if (strcmp(name, "dtype") && strcmp(name, "requires_grad"))
            luaL_error(L,
                       "tensor: unknown field '%s' among the numbers. "
                       "Options: dtype, requires_grad",
                       name);
    }
}

static int create_tensor(lua_State *L)
{
    struct nesting n = {.L = L};
    struct grad_new_options options = grad_new_options_check(L, 2);
    if (lua_istable(L, 1)) { // tensor{1, 2, dtype = "float64"}
        check_fields(L);
        lua_getfield(L, 1, "dtype");
        lua_getfield(L, 1, "requires_grad");
        if (!lua_isnil(L, -1) || !lua_isnil(L, -2)) {
            lua_createtable(L, 0, 2);
            lua_insert(L, -3);
            lua_setfield(L, -3, "requires_grad");
            lua_setfield(L, -2, "dtype");
            options = grad_new_options_check(L, lua_gettop(L));
        }
    } else if (grad_tensor_at(L, 1)) {
        return luaL_error(L, "tensor: this is a tensor already. Hint: "
                             "x:clone() copies it, x:to(dtype) converts it");
    } else if (lua_type(L, 1) != LUA_TNUMBER) {
        return luaL_error(L,
                          "tensor: expected a number or nested tables of "
                          "numbers, as in tensor{{1, 2}, {3, 4}}; got %s",
                          luaL_typename(L, 1));
    }
    measure(&n);
    n.to = grad_new_push(L, n.ndim, n.shape, options);
    lua_pushvalue(L, 1);
    fill_nested(&n, 0);
    lua_pop(L, 1);
    return 1;
}

// tensor{...}: called with the library's table first.
static int call_tensor(lua_State *L)
{
    lua_remove(L, 1);
    return create_tensor(L);
}

// --- filled ------------------------------------------------------------------

static int create_filled(lua_State *L, double value)
{
    size_t shape[GRAD_MAX_DIMS];
    int next, ndim = grad_sizes_check(L, 1, shape, &next);
    struct grad_new_options options = grad_new_options_check(L, next);
    grad_fill_stoppable(L, grad_new_push(L, ndim, shape, options), value);
    return 1;
}

static int create_zeros(lua_State *L)
{
    return create_filled(L, 0);
}

static int create_ones(lua_State *L)
{
    return create_filled(L, 1);
}

static int create_full(lua_State *L)
{
    size_t shape[GRAD_MAX_DIMS];
    int next;
    luaL_checktype(L, 1, LUA_TTABLE);
    int ndim = grad_sizes_check(L, 1, shape, &next);
    double value = luaL_checknumber(L, 2);
    struct grad_new_options options = grad_new_options_check(L, 3);
    grad_fill_stoppable(L, grad_new_push(L, ndim, shape, options), value);
    return 1;
}

static int create_eye(lua_State *L)
{
    lua_Integer n = luaL_checkinteger(L, 1);
    int options_at = lua_type(L, 2) == LUA_TNUMBER ? 3 : 2;
    lua_Integer m = options_at == 3 ? luaL_checkinteger(L, 2) : n;
    luaL_argcheck(L, n >= 0, 1, "a size must be 0 or more");
    luaL_argcheck(L, m >= 0, 2, "a size must be 0 or more");
    size_t shape[2] = {(size_t)n, (size_t)m};
    struct grad_tensor *t =
        grad_new_push(L, 2, shape, grad_new_options_check(L, options_at));
    grad_fill_stoppable(L, t, 0);
    for (size_t i = 0; i < shape[0] && i < shape[1]; i++)
        grad_tensor_set(t, i * shape[1] + i, 1);
    return 1;
}

// Numbers along a line: from * (1 - part) + to * part or from + step * i.
struct ramp {
    struct grad_tensor *t;
    double from, to, step;
    bool between; // n numbers from `from` to `to`
};

static void ramp_range(void *context, size_t begin, size_t end, int thread)
{
    const struct ramp *r = context;
    for (size_t i = begin; i < end; i++) {
        double part =
            r->t->numel > 1 ? (double)i / (double)(r->t->numel - 1) : 0;
        grad_tensor_set(r->t, i,
                        r->between ? r->from * (1 - part) + r->to * part
                                   : r->from + r->step * (double)i);
    }
}

static void fill_ramp(lua_State *L, struct ramp r)
{
    bool before = grad_stoppable_begin();
    grad_parallel(r.t->numel, 16384, ramp_range, &r);
    grad_stoppable_end(L, before);
}

static int create_arange(lua_State *L)
{
    double from = 1, to = luaL_checknumber(L, 1), step = 1;
    int options_at = 2;
    if (lua_type(L, 2) == LUA_TNUMBER) {
        from = to;
        to = lua_tonumber(L, 2);
        options_at = 3;
        if (lua_type(L, 3) == LUA_TNUMBER) {
            step = lua_tonumber(L, 3);
            options_at = 4;
        }
    }
    if (step == 0 || !isfinite(step) || !isfinite(from) || !isfinite(to))
        return luaL_error(L, "arange: from, to and step must be finite and "
                             "the step not 0");
    double count = floor((to - from) / step * (1 + 1e-12) + 1e-9) + 1;
    if (count > 1e15)
        return luaL_error(L, "arange: that many elements do not fit");
    size_t n = count > 0 ? (size_t)count : 0;
    struct grad_tensor *t =
        grad_new_push(L, 1, &n, grad_new_options_check(L, options_at));
    fill_ramp(L, (struct ramp){t, from, to, step, false});
    return 1;
}

static int create_linspace(lua_State *L)
{
    double from = luaL_checknumber(L, 1), to = luaL_checknumber(L, 2);
    lua_Integer n = luaL_checkinteger(L, 3);
    luaL_argcheck(L, n >= 1, 3, "at least one point");
    size_t count = (size_t)n;
    struct grad_tensor *t =
        grad_new_push(L, 1, &count, grad_new_options_check(L, 4));
    fill_ramp(L, (struct ramp){t, from, to, 0, true});
    return 1;
}

// --- opening -----------------------------------------------------------------

static const struct grad_entry creators[] = {
    {"tensor", create_tensor, NULL},
    {"tensor_call", call_tensor, NULL},
    {"zeros", create_zeros,
     "tensor.zeros(...: integer, {dtype: string = \"float32\", requires_grad: "
     "boolean = false}) -> tensor\n"
     "A tensor of zeros; the sizes one by one or as a table.\n"
     "> tensor.zeros(2, 3):size()\n"
     "{2, 3}"},
    {"ones", create_ones,
     "tensor.ones(...: integer, {dtype: string = \"float32\", requires_grad: "
     "boolean = false}) -> tensor\n"
     "A tensor of ones; the sizes one by one or as a table.\n"
     "> tensor.ones(2, 2):sum():item()\n"
     "4.0"},
    {"full", create_full,
     "tensor.full(sizes: {integer}, value: number, {dtype: string = "
     "\"float32\", requires_grad: boolean = false}) -> tensor\n"
     "A tensor filled with one value.\n"
     "> tensor.full({2}, 7):sum():item()\n"
     "14.0"},
    {"eye", create_eye,
     "tensor.eye(n: integer, m?: integer, {dtype: string = \"float32\"}) -> "
     "tensor\n"
     "A matrix with ones on its diagonal.\n"
     "> tensor.eye(3):sum():item()\n"
     "3.0"},
    {"arange", create_arange,
     "tensor.arange(from: number, to?: number, step: number = 1, {dtype: "
     "string = \"float32\"}) -> tensor\n"
     "The numbers from `from` to `to`, both included; arange(n) is 1..n.\n"
     "> tensor.arange(5):sum():item()\n"
     "15.0"},
    {"linspace", create_linspace,
     "tensor.linspace(from: number, to: number, n: integer, {dtype: string = "
     "\"float32\"}) -> tensor\n"
     "n numbers at equal distances, both ends included.\n"
     "> tensor.linspace(0, 1, 3):mean():item()\n"
     "0.5"},
    {NULL, NULL, NULL},
};

void grad_create_open(lua_State *L)
{
    grad_entries_open(L, creators, "tensor.");
}
