// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/op.h"

#include <lauxlib.h>
#include <string.h>

#include "bind/box.h"
#include "bind/signature.h"
#include "engine/apply.h"

// Upvalues of all functions: the metatable of tensors, and their op.
enum { METATABLE = 1, OP };

// A tensor of no dimension that holds one number; a new reference. Nobody
// changes these, so the last few are kept for the next time.
static struct grad_tensor *constant(enum grad_dtype dtype, double value,
                                    struct grad_error *error)
{
    enum { KEPT = 32 };
    static struct grad_tensor *kept[KEPT];
    static uint64_t key[KEPT];
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    size_t slot = ((bits * 0x9e3779b97f4a7c15u) >> 59) ^ dtype;
    struct grad_tensor *t = kept[slot];
    if (t && key[slot] == bits && t->dtype == dtype)
        return grad_tensor_retain(t);
    t = grad_tensor_new(dtype, 0, NULL, error);
    if (!t)
        return NULL;
    if (dtype == GRAD_FLOAT32)
        *(float *)t->data = (float)value;
    else
        *(double *)t->data = value;
    grad_tensor_release(kept[slot]);
    kept[slot] = grad_tensor_retain(t);
    key[slot] = bits;
    return t;
}

// Numbers become tensors of no dimension, in the type of the first tensor.
static bool make_numbers(struct grad_reading *r, struct grad_error *error)
{
    enum grad_dtype dtype = GRAD_FLOAT32;
    if (!r->is_number) // always so for a list, which may be long
        return true;
    for (int k = 0; k < r->n_in; k++) {
        if (r->in[k]) {
            dtype = r->in[k]->dtype;
            break;
        }
    }
    for (int k = 0; k < r->n_in; k++) {
        if (!(r->is_number >> k & 1))
            continue;
        r->in[k] = constant(dtype, r->number[k], error);
        if (!r->in[k])
            return false;
    }
    return true;
}

static void release_numbers(struct grad_reading *r)
{
    for (int k = 0; r->is_number && k < r->n_in; k++) {
        if (r->is_number >> k & 1)
            grad_tensor_release(r->in[k]);
    }
}

// Outputs of an op of several, until their boxes are there.
static struct grad_tensor *waiting[GRAD_MAX_OUTPUTS];

static int push_more(lua_State *L, struct grad_tensor **out, int n)
{
    for (int i = 1; i < n; i++) {
        grad_tensor_release(waiting[i]);
        waiting[i] = out[i];
    }
    for (int i = 1; i < n; i++) {
        struct grad_tensor **box = grad_box_push(L);
        *box = waiting[i];
        waiting[i] = NULL;
    }
    return n;
}

// The usual call: all arguments are there, each a tensor or a number, and the
// op takes no others. False where it is not so; then nothing has happened.
static bool read_plain(struct grad_reading *r)
{
    lua_State *L = r->L;
    int n = r->op->n_tensors;
    if (r->op->has_attrs || n < 1 || n > 2 || lua_gettop(L) != n)
        return false;
    r->is_number = 0;
    for (int k = 0; k < n; k++) {
        r->few[k] = grad_tensor_at(L, k + 1);
        if (r->few[k])
            continue;
        if (lua_type(L, k + 1) != LUA_TNUMBER)
            return false;
        r->number[k] = lua_tonumber(L, k + 1);
        r->is_number |= 1u << k;
    }
    r->in = r->few;
    r->n_in = n;
    return true;
}

// Calls the op with the arguments from 1 on.
static int call(lua_State *L, const struct grad_op *op)
{
    struct grad_reading r;
    r.L = L;
    r.op = op;
    grad_collect_check(L);
    if (!read_plain(&r))
        grad_read_arguments(&r);
    struct grad_tensor **box =
        grad_box_push_with(L, lua_upvalueindex(METATABLE));
    struct grad_tensor *out[GRAD_MAX_OUTPUTS];
    struct grad_error error;
    grad_error_clear(&error);
    int n = 0;
    if (make_numbers(&r, &error))
        n = grad_op_apply(op, r.in, r.n_in, op->has_attrs ? &r.attrs : NULL,
                          out, &error);
    release_numbers(&r);
    if (n == 0)
        return grad_raise(L, &error);
    *box = out[0];
    return n == 1 ? 1 : push_more(L, out, n);
}

// A function for each row, since it finds its op quicker than a shared one that
// keeps it as an upvalue.
#define GRAD_OP(name, ...)                                                     \
    static int call_##name(lua_State *L)                                       \
    {                                                                          \
        return call(L, &grad_op_table[GRAD_OP_##name]);                        \
    }
#include "engine/ops.def"
#undef GRAD_OP

static const lua_CFunction calls[GRAD_OP_COUNT] = {
#define GRAD_OP(name, ...) call_##name,
#include "engine/ops.def"
#undef GRAD_OP
};

// __unm comes with its operand twice.
static int call_minus(lua_State *L)
{
    lua_settop(L, 1);
    return call_neg(L);
}

static int call_inplace(lua_State *L)
{
    struct grad_reading r;
    r.L = L;
    r.op = lua_touserdata(L, lua_upvalueindex(OP));
    grad_collect_check(L);
    grad_tensor_check(L, 1);
    grad_read_arguments(&r);
    struct grad_error error;
    grad_error_clear(&error);
    bool ok = make_numbers(&r, &error) &&
              grad_op_apply_inplace(r.op, r.in, r.n_in,
                                    r.op->has_attrs ? &r.attrs : NULL, &error);
    release_numbers(&r);
    if (!ok)
        return grad_raise(L, &error);
    lua_settop(L, 1);
    return 1;
}

// --- opening -----------------------------------------------------------------

static void push_function(lua_State *L, const struct grad_op *op,
                          lua_CFunction function)
{
    grad_metatable_push(L);
    lua_pushlightuserdata(L, (void *)op);
    lua_pushcclosure(L, function, OP);
}

void grad_op_metamethods(lua_State *L)
{
    static const struct {
        const char *event;
        enum grad_op_id op;
    } events[] = {{"__add", GRAD_OP_add},       {"__sub", GRAD_OP_sub},
                  {"__mul", GRAD_OP_mul},       {"__div", GRAD_OP_div},
                  {"__mod", GRAD_OP_remainder}, {"__pow", GRAD_OP_pow},
                  {"__unm", GRAD_OP_neg}};
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        enum grad_op_id id = events[i].op;
        push_function(L, grad_op_get(id),
                      id == GRAD_OP_neg ? call_minus : calls[id]);
        lua_setfield(L, -2, events[i].event);
    }
}

// The op's row for Lua: name, signature, sample, doc and flags.
static void push_row(lua_State *L, const struct grad_op *op)
{
    lua_createtable(L, 0, 9);
    lua_pushstring(L, op->name);
    lua_setfield(L, -2, "name");
    lua_pushstring(L, op->signature);
    lua_setfield(L, -2, "signature");
    lua_pushstring(L, op->sample);
    lua_setfield(L, -2, "sample");
    lua_pushboolean(L, op->backward != NULL);
    lua_setfield(L, -2, "differentiable");
    lua_pushboolean(L, op->flags & GRAD_INPLACE);
    lua_setfield(L, -2, "inplace");
    lua_pushboolean(L, op->flags & GRAD_BROADCASTS);
    lua_setfield(L, -2, "broadcasts");
    lua_pushboolean(L, op->flags & GRAD_METHOD);
    lua_setfield(L, -2, "method");
    lua_pushboolean(L, op->flags & GRAD_HIDDEN);
    lua_setfield(L, -2, "hidden");
}

// Stack: core, docs, rows, methods.
static void open_one(lua_State *L, const struct grad_op *op, int index)
{
    push_function(L, op, calls[index]);
    lua_pushvalue(L, -1);
    lua_setfield(L, -6, op->name);
    if (op->flags & GRAD_METHOD)
        lua_setfield(L, -2, op->name);
    else
        lua_pop(L, 1);
    if (op->flags & GRAD_INPLACE) {
        lua_pushfstring(L, "%s_", op->name);
        push_function(L, op, call_inplace);
        lua_rawset(L, -3);
    }
    if (!(op->flags & GRAD_HIDDEN)) {
        lua_pushfstring(L, "tensor.%s", op->name);
        lua_pushstring(L, op->doc);
        lua_rawset(L, -5);
    }
    push_row(L, op);
    lua_rawseti(L, -3, index + 1);
}

void grad_op_open(lua_State *L)
{
    lua_getfield(L, -1, "docs");
    lua_newtable(L); // rows
    grad_methods_push(L);
    for (int i = 0; i < GRAD_OP_COUNT; i++)
        open_one(L, grad_op_get((enum grad_op_id)i), i);
    lua_pop(L, 1);
    lua_setfield(L, -3, "ops");
    lua_pop(L, 1);
}
