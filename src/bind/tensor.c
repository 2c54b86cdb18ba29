// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/tensor.h"

#include <lauxlib.h>

#include "bind/arguments.h"
#include "bind/box.h"
#include "bind/change.h"
#include "bind/entry.h"
#include "bind/function.h"
#include "bind/index.h"
#include "bind/op.h"
#include "engine/autograd.h"
#include "engine/copy.h"

// --- looking -----------------------------------------------------------------

static int tensor_size(lua_State *L)
{
    struct grad_tensor *t = grad_tensor_check(L, 1);
    if (lua_isnoneornil(L, 2)) {
        grad_shape_push(L, t);
        return 1;
    }
    int d = grad_dim_check(L, 2, t->ndim, "size");
    if (t->ndim == 0)
        return luaL_error(L, "size: a single number has no dimensions");
    lua_pushinteger(L, (lua_Integer)t->shape[d]);
    return 1;
}

static int tensor_dim(lua_State *L)
{
    lua_pushinteger(L, grad_tensor_check(L, 1)->ndim);
    return 1;
}

static int tensor_numel(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer)grad_tensor_check(L, 1)->numel);
    return 1;
}

static int tensor_dtype(lua_State *L)
{
    lua_pushstring(L, grad_dtype_name(grad_tensor_check(L, 1)->dtype));
    return 1;
}

static int tensor_item(lua_State *L)
{
    struct grad_tensor *t = grad_tensor_check(L, 1);
    char text[GRAD_SHAPE_TEXT];
    if (t->numel != 1)
        return luaL_error(L,
                          "item: a tensor of shape %s is not one number. Hint: "
                          "index or reduce it first, or x:totable()",
                          grad_shape_text(text, t->ndim, t->shape));
    lua_pushnumber(L, grad_tensor_get(t, 0));
    return 1;
}

static void push_nested(lua_State *L, const struct grad_tensor *t, int d,
                        size_t *index)
{
    if (d == t->ndim) {
        lua_pushnumber(L, grad_tensor_get(t, (*index)++));
        return;
    }
    luaL_checkstack(L, 2, "nested tables");
    lua_createtable(L, (int)t->shape[d], 0);
    for (size_t i = 0; i < t->shape[d]; i++) {
        push_nested(L, t, d + 1, index);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static int tensor_totable(lua_State *L)
{
    size_t index = 0;
    push_nested(L, grad_tensor_check(L, 1), 0, &index);
    return 1;
}

// The elements, in order, as one flat table of at most `n`; for printing.
static int tensor_at(lua_State *L)
{
    struct grad_tensor *t = grad_tensor_check(L, 1);
    lua_Integer i = luaL_checkinteger(L, 2);
    luaL_argcheck(L, i >= 1 && (size_t)i <= t->numel, 2, "outside the tensor");
    lua_pushnumber(L, grad_tensor_get(t, (size_t)i - 1));
    return 1;
}

static int tensor_is_contiguous(lua_State *L)
{
    lua_pushboolean(L, grad_tensor_check(L, 1)->contiguous);
    return 1;
}

static int tensor_is_leaf(lua_State *L)
{
    lua_pushboolean(L, grad_tensor_check(L, 1)->node == NULL);
    return 1;
}

static int is_tensor(lua_State *L)
{
    lua_pushboolean(L, grad_tensor_at(L, 1) != NULL);
    return 1;
}

static int tensor_version(lua_State *L)
{
    lua_pushinteger(L, grad_tensor_check(L, 1)->storage->version);
    return 1;
}

// --- autograd ----------------------------------------------------------------

static int tensor_backward(lua_State *L)
{
    struct grad_tensor *t = grad_tensor_check(L, 1);
    struct grad_tensor *seed = NULL;
    bool retain = false;
    int options = 2;
    if (grad_tensor_at(L, 2) || lua_isnil(L, 2)) {
        seed = grad_tensor_at(L, 2);
        options = 3;
    }
    if (!lua_isnoneornil(L, options)) {
        luaL_checktype(L, options, LUA_TTABLE);
        lua_getfield(L, options, "retain_graph");
        retain = lua_toboolean(L, -1);
    }
    struct grad_error error = {0};
    lua_State *before = grad_callback_state(L);
    bool ok = grad_backward(t, seed, retain, &error);
    grad_callback_state(before);
    if (!ok)
        return grad_raise(L, &error);
    grad_collect_after_backward(L);
    return 0;
}

static int tensor_detach(lua_State *L)
{
    struct grad_tensor *t = grad_tensor_check(L, 1);
    struct grad_error error = {0};
    struct grad_tensor **box = grad_box_push(L);
    *box = grad_tensor_alias(t, &error);
    if (!*box)
        return grad_raise(L, &error);
    t->storage->shared = true;
    return 1;
}

static int tensor_requires_grad(lua_State *L)
{
    struct grad_tensor *t = grad_tensor_check(L, 1);
    grad_require_check(L, t, lua_isnoneornil(L, 2) || lua_toboolean(L, 2));
    lua_settop(L, 1);
    return 1;
}

static int tensor_retain_grad(lua_State *L)
{
    struct grad_tensor *t = grad_tensor_check(L, 1);
    t->retains_grad = true;
    lua_settop(L, 1);
    return 1;
}

static int tensor_zero_grad(lua_State *L)
{
    grad_zero_grad(grad_tensor_check(L, 1));
    return 0;
}

// --- changing ----------------------------------------------------------------

static int tensor_copy(lua_State *L)
{
    struct grad_tensor *t = grad_tensor_check(L, 1);
    struct grad_tensor *from = grad_tensor_check(L, 2);
    struct grad_error error = {0};
    grad_writable_check(L, t, "copy_");
    bool before = grad_stoppable_begin();
    bool ok = grad_tensor_copy(t, from, &error);
    grad_stoppable_end(L, before);
    if (!ok)
        return grad_raise(L, &error);
    lua_settop(L, 1);
    return 1;
}

static int tensor_fill(lua_State *L)
{
    struct grad_tensor *t = grad_tensor_check(L, 1);
    double value = luaL_checknumber(L, 2);
    grad_writable_check(L, t, "fill_");
    grad_fill_stoppable(L, t, value);
    lua_settop(L, 1);
    return 1;
}

static int tensor_zero(lua_State *L)
{
    struct grad_tensor *t = grad_tensor_check(L, 1);
    grad_writable_check(L, t, "zero_");
    grad_fill_stoppable(L, t, 0);
    lua_settop(L, 1);
    return 1;
}

// --- events ------------------------------------------------------------------

// The Lua library puts its own in place of this one.
static int tensor_text(lua_State *L)
{
    lua_settop(L, 1);
    lua_getglobal(L, "require");
    lua_pushliteral(L, "gradus.format");
    lua_call(L, 1, 1);
    lua_getfield(L, -1, "tensor");
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    return 1;
}

static int tensor_len(lua_State *L)
{
    struct grad_tensor *t = grad_tensor_check(L, 1);
    if (t->ndim == 0)
        return luaL_error(L, "a single number has no length");
    lua_pushinteger(L, (lua_Integer)t->shape[0]);
    return 1;
}

// Lua turns the result of < into one boolean, so it cannot make a mask.
static int tensor_compare(lua_State *L)
{
    return luaL_error(L, "tensors cannot be compared with <, <=, > or >=: Lua "
                         "would make one boolean of it. Hint: x:lt(y), "
                         "x:le(y), x:gt(y), x:ge(y) give masks of 0 and 1");
}

// --- opening -----------------------------------------------------------------

static const struct grad_entry methods[] = {
    {"size", tensor_size,
     "tensor:size(dim?: integer) -> {integer, ...} | integer\n"
     "The sizes of all dimensions as a table, or the size of one; -1 is the "
     "last.\n"
     "> tensor.zeros(2, 3):size()\n"
     "{2, 3}\n"
     "> tensor.zeros(2, 3):size(-1)\n"
     "3"},
    {"dim", tensor_dim,
     "tensor:dim() -> integer\n"
     "The number of dimensions; 0 for a single number.\n"
     "> tensor.zeros(2, 3):dim()\n"
     "2"},
    {"numel", tensor_numel,
     "tensor:numel() -> integer\n"
     "The number of elements.\n"
     "> tensor.zeros(2, 3):numel()\n"
     "6"},
    {"dtype", tensor_dtype,
     "tensor:dtype() -> string\n"
     "The type of the elements: \"float32\" or \"float64\".\n"
     "> tensor{1, 2}:dtype()\n"
     "float32"},
    {"item", tensor_item,
     "tensor:item() -> number\n"
     "The number in a tensor of one element.\n"
     "> tensor{1, 2}:sum():item()\n"
     "3.0"},
    {"totable", tensor_totable,
     "tensor:totable() -> table | number\n"
     "The elements as nested Lua tables, or as a number for a single one.\n"
     "> tensor{{1, 2}, {3, 4}}:totable()[2][1]\n"
     "3.0"},
    {"is_contiguous", tensor_is_contiguous,
     "tensor:is_contiguous() -> boolean\n"
     "Whether the elements lie in memory row by row, without gaps; a "
     "transposed\n"
     "view, for one, does not.\n"
     "> x = tensor.zeros(2, 3)\n"
     "> x:is_contiguous(), x:t():is_contiguous()\n"
     "true	false"},
    {"is_leaf", tensor_is_leaf,
     "tensor:is_leaf() -> boolean\n"
     "Whether the tensor was made directly, not computed from one that "
     "requires a\n"
     "gradient; backward() leaves gradients in leaves.\n"
     "> w = tensor({1, 2}, {requires_grad = true})\n"
     "> w:is_leaf(), (w * 2):is_leaf()\n"
     "true	false"},
    {"backward", tensor_backward,
     "tensor:backward(gradient?: tensor, {retain_graph: boolean = false})\n"
     "Computes the derivative of this tensor by every leaf that it was "
     "computed from\n"
     "and adds it to the leaf's grad. A tensor of more than one element needs "
     "a\n"
     "gradient of its own shape to begin with. The graph is freed unless\n"
     "retain_graph says that a second backward will come.\n"
     "> w = tensor({1, 2}, {requires_grad = true})\n"
     "> (w * w):sum():backward()\n"
     "> w.grad\n"
     "tensor{2, 4}  -- float32 (2)"},
    {"detach", tensor_detach,
     "tensor:detach() -> tensor\n"
     "The same numbers in the same memory, outside of the recorded graph: no "
     "gradient\n"
     "flows through it.\n"
     "> w = tensor({1, 2}, {requires_grad = true})\n"
     "> (w * 2):detach().requires_grad\n"
     "false"},
    {"requires_grad_", tensor_requires_grad,
     "tensor:requires_grad_(on: boolean = true) -> tensor\n"
     "Says that gradients by this tensor are wanted (or no longer); returns "
     "it.\n"
     "> w = tensor{1, 2}:requires_grad_()\n"
     "> w.requires_grad\n"
     "true"},
    {"retain_grad", tensor_retain_grad,
     "tensor:retain_grad() -> tensor\n"
     "Makes backward() keep the gradient of a tensor that is no leaf; returns "
     "it.\n"
     "> w = tensor({1, 2}, {requires_grad = true})\n"
     "> y = (w * 3):retain_grad()\n"
     "> y:sum():backward()\n"
     "> y.grad\n"
     "tensor{1, 1}  -- float32 (2)"},
    {"zero_grad", tensor_zero_grad,
     "tensor:zero_grad()\n"
     "Sets the gradient to zero, if there is one.\n"
     "> w = tensor({1, 2}, {requires_grad = true})\n"
     "> w:sum():backward()\n"
     "> w:zero_grad()\n"
     "> w.grad\n"
     "tensor{0, 0}  -- float32 (2)"},
    {"copy_", tensor_copy,
     "tensor:copy_(from: tensor) -> tensor\n"
     "Writes the elements of another tensor into this one and returns it; from "
     "is\n"
     "broadcast to its shape.\n"
     "> tensor.zeros(2):copy_(tensor{1, 2})\n"
     "tensor{1, 2}  -- float32 (2)"},
    {"fill_", tensor_fill,
     "tensor:fill_(value: number) -> tensor\n"
     "Sets all elements to one number and returns the tensor.\n"
     "> tensor.zeros(3):fill_(7)\n"
     "tensor{7, 7, 7}  -- float32 (3)"},
    {"zero_", tensor_zero,
     "tensor:zero_() -> tensor\n"
     "Sets all elements to zero and returns the tensor.\n"
     "> tensor.ones(3):zero_()\n"
     "tensor{0, 0, 0}  -- float32 (3)"},
    {"_at", tensor_at, NULL},
    {"_version", tensor_version, NULL},
    {NULL, NULL, NULL},
};

static const struct grad_entry functions[] = {
    {"is_tensor", is_tensor,
     "tensor.is_tensor(value: any) -> boolean\n"
     "Whether a value is a tensor.\n"
     "> tensor.is_tensor(tensor{1, 2}), tensor.is_tensor({1, 2})\n"
     "true	false"},
    {NULL, NULL, NULL},
};

static const luaL_Reg events[] = {
    {"__close", grad_box_close},
    {"__len", tensor_len},
    {"__tostring", tensor_text},
    {"__newindex", grad_tensor_newindex},
    {"__lt", tensor_compare},
    {"__le", tensor_compare},
    {NULL, NULL},
};

void grad_tensor_open(lua_State *L)
{
    grad_box_watch(L);
    lua_newtable(L);
    lua_setfield(L, -2, "docs");
    grad_entries_open(L, functions, "tensor.");
    lua_newtable(L); // the methods
    lua_pushvalue(L, -1);
    grad_methods_keep(L);
    lua_insert(L, -2);
    grad_methods_open(L, methods);
    lua_insert(L, -2);
    lua_newtable(L); // the metatable
    luaL_setfuncs(L, events, 0);
    lua_pushliteral(L, "tensor");
    lua_setfield(L, -2, "__name");
    lua_pushvalue(L, -2);
    lua_pushcclosure(L, grad_tensor_index, 1);
    lua_setfield(L, -2, "__index");
    lua_pushvalue(L, -1);
    grad_metatable_keep(L);
    grad_op_metamethods(L); // __add and its kin
    lua_setfield(L, -3, "metatable");
    lua_setfield(L, -2, "methods");
}
