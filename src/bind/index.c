// SPDX-License-Identifier: GPL-3.0-or-later
// Brackets and dots behind a tensor: x[2], x[{{2, 5}, 3}], x[mask], x.grad,
// x:method, and assignments to them.
#include "bind/index.h"

#include <lauxlib.h>
#include <string.h>

#include "bind/arguments.h"
#include "bind/box.h"
#include "bind/change.h"
#include "engine/apply.h"
#include "engine/autograd.h"
#include "engine/copy.h"

// --- views -------------------------------------------------------------------

// Replaces the tensor on the stack's top by one of its views.
static void view_top(lua_State *L, enum grad_op_id id,
                     const struct grad_attrs *attrs)
{
    struct grad_error error = {0};
    struct grad_tensor *t = grad_tensor_check(L, -1);
    struct grad_tensor **box = grad_box_push(L);
    *box = grad_op_call(id, &t, 1, attrs, &error);
    if (!*box)
        grad_raise(L, &error);
    lua_remove(L, -2);
}

static lua_Integer index_number(lua_State *L, int index)
{
    int exact;
    lua_Integer i = lua_tointegerx(L, index, &exact);
    if (!exact)
        luaL_error(L, "an index must be a whole number; got %s",
                   luaL_tolstring(L, index, NULL));
    return i;
}

// The range {from, to} at `index` of dimension `dim`; {} is all of it.
static void range_top(lua_State *L, int index, int dim)
{
    struct grad_tensor *t = grad_tensor_check(L, -1);
    lua_Integer size = (lua_Integer)t->shape[dim], n = luaL_len(L, index);
    if (n == 0)
        return;
    if (n != 2)
        luaL_error(L, "a range is {from, to}, both included, or {} for all");
    lua_rawgeti(L, index, 1);
    lua_rawgeti(L, index, 2);
    lua_Integer from = index_number(L, -2), to = index_number(L, -1);
    lua_pop(L, 2);
    from = from < 0 ? from + size + 1 : from;
    to = to < 0 ? to + size + 1 : to;
    if (from < 1 || to > size || to < from - 1)
        luaL_error(L,
                   "range {%I, %I} does not lie in dimension %d, which counts "
                   "from 1 to %I",
                   from, to, dim + 1, size);
    struct grad_attrs attrs = {.i = {dim, from, to - from + 1}};
    view_top(L, GRAD_OP_narrow, &attrs);
}

// Pushes t[key] for a table key like {{2, 5}, 3}.
static void push_slice(lua_State *L, int tensor, int key)
{
    int dim = 0;
    lua_Integer n = luaL_len(L, key);
    lua_pushvalue(L, tensor);
    for (lua_Integer i = 1; i <= n; i++) {
        struct grad_tensor *t = grad_tensor_check(L, -1);
        if (dim >= t->ndim)
            luaL_error(L, "%d indices for a tensor of %d dimensions", (int)n,
                       grad_tensor_check(L, tensor)->ndim);
        if (lua_rawgeti(L, key, i) == LUA_TTABLE) {
            lua_insert(L, -2);
            range_top(L, lua_gettop(L) - 1, dim++);
        } else {
            struct grad_attrs attrs = {.i = {dim, index_number(L, -1)}};
            lua_insert(L, -2);
            view_top(L, GRAD_OP_select, &attrs);
        }
        lua_remove(L, -2);
    }
}

static void push_element(lua_State *L, int tensor, int key)
{
    if (lua_istable(L, key)) {
        push_slice(L, tensor, key);
        return;
    }
    struct grad_attrs attrs = {.i = {0, index_number(L, key)}};
    lua_pushvalue(L, tensor);
    view_top(L, GRAD_OP_select, &attrs);
}

// A method that the Lua library adds when it is loaded, which a first use of a
// tensor may have come before. Raises where there is none.
static void push_late_method(lua_State *L, const char *name)
{
    lua_getglobal(L, "require");
    lua_pushliteral(L, "gradus.tensor");
    lua_call(L, 1, 0);
    grad_methods_push(L);
    if (lua_getfield(L, -1, name) != LUA_TNIL) {
        lua_remove(L, -2);
        return;
    }
    lua_pop(L, 1);
    lua_getfield(L, -1, "_missing");
    lua_pushstring(L, name);
    lua_call(L, 1, 0); // raises
}

static void push_property(lua_State *L, struct grad_tensor *t, const char *name)
{
    if (!strcmp(name, "grad")) {
        struct grad_tensor *grad = grad_tensor_grad(t);
        if (grad)
            grad_tensor_push(L, grad_tensor_retain(grad));
        else
            lua_pushnil(L);
    } else if (!strcmp(name, "requires_grad")) {
        lua_pushboolean(L, t->requires_grad);
    } else if (!strcmp(name, "shape")) {
        grad_shape_push(L, t);
    } else {
        push_late_method(L, name);
    }
}

// Upvalue 1: the table of methods.
int grad_tensor_index(lua_State *L)
{
    if (lua_type(L, 2) == LUA_TSTRING) {
        lua_pushvalue(L, 2);
        if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
            return 1;
        push_property(L, grad_tensor_check(L, 1), lua_tostring(L, 2));
        return 1;
    }
    grad_tensor_check(L, 1);
    if (grad_tensor_at(L, 2)) {
        push_late_method(L, "_index_tensor");
        lua_insert(L, 1);
        lua_call(L, 2, 1);
        return 1;
    }
    push_element(L, 1, 2);
    return 1;
}

static void set_property(lua_State *L, struct grad_tensor *t, const char *name)
{
    if (!strcmp(name, "requires_grad")) {
        grad_require_check(L, t, lua_toboolean(L, 3));
    } else if (!strcmp(name, "grad")) {
        struct grad_tensor *grad = grad_tensor_at(L, 3);
        if (!grad && !lua_isnil(L, 3))
            luaL_error(L, "grad: expected a tensor or nil");
        if (grad && !grad_tensor_same_shape(grad, t))
            luaL_error(L, "grad: its shape differs from the tensor's");
        grad_tensor_set_grad(t, grad);
    } else {
        luaL_error(L,
                   "tensors have no field '%s' to set; only grad and "
                   "requires_grad",
                   name);
    }
}

int grad_tensor_newindex(lua_State *L)
{
    struct grad_tensor *t = grad_tensor_check(L, 1);
    if (lua_type(L, 2) == LUA_TSTRING) {
        set_property(L, t, lua_tostring(L, 2));
        return 0;
    }
    grad_writable_check(L, t, "assignment");
    if (grad_tensor_at(L, 2)) {
        lua_settop(L, 3);
        push_late_method(L, "_set_tensor");
        lua_insert(L, 1);
        lua_settop(L, 4);
        lua_call(L, 3, 0);
        return 0;
    }
    push_element(L, 1, 2);
    struct grad_tensor *view = grad_tensor_check(L, -1);
    struct grad_tensor *from = grad_tensor_at(L, 3);
    struct grad_error error = {0};
    if (!from) {
        if (!lua_isnumber(L, 3))
            return luaL_error(L, "a number or a tensor can be assigned; got %s",
                              luaL_typename(L, 3));
        grad_fill_stoppable(L, view, lua_tonumber(L, 3));
        return 0;
    }
    bool before = grad_stoppable_begin();
    bool ok = grad_tensor_copy(view, from, &error);
    grad_stoppable_end(L, before);
    return ok ? 0 : grad_raise(L, &error);
}
