// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/snapshot.h"

#include <lauxlib.h>

#include "bind/box.h"
#include "engine/autograd.h"
#include "engine/copy.h"
#include "engine/hold.h"

static int version(lua_State *L)
{
    struct grad_tensor *t = grad_tensor_check(L, 1);
    lua_pushinteger(L, t->storage ? (lua_Integer)t->storage->version : -1);
    return 1;
}

static int copy(lua_State *L)
{
    struct grad_tensor *t = grad_tensor_check(L, 1);
    struct grad_tensor **box = grad_box_push(L);
    struct grad_error error = {0};
    if (!t->storage)
        return luaL_error(L, "the contents of this tensor are gone");
    *box = grad_tensor_clone(t, &error);
    return *box ? 1 : grad_raise(L, &error);
}

// restore(t, contents, version, requires_grad): a change in place that does
// not count as one, because it takes others back.
static int restore(lua_State *L)
{
    struct grad_tensor *t = grad_tensor_check(L, 1);
    struct grad_tensor *contents = grad_tensor_check(L, 2);
    uint32_t count = (uint32_t)luaL_checkinteger(L, 3);
    struct grad_error error = {0};
    if (!t->storage)
        return luaL_error(L, "the contents of this tensor are gone");
    if (!grad_tensor_copy(t, contents, &error))
        return grad_raise(L, &error);
    t->storage->version = count;
    return 0;
}

// --- graphs ------------------------------------------------------------------

// hold(): begins a hold; which of its nodes are spent, a byte each.
static int begin_hold(lua_State *L)
{
    size_t n = grad_hold_count();
    luaL_Buffer flags;
    char *bytes = luaL_buffinitsize(L, &flags, n + 1);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (char)grad_hold_is_spent(i);
    luaL_pushresultsize(&flags, n);
    grad_hold_begin();
    return 1;
}

static int restore_hold(lua_State *L)
{
    size_t n;
    const char *flags = luaL_checklstring(L, 1, &n);
    grad_hold_restore(flags, n);
    return 0;
}

static int end_hold(lua_State *L)
{
    (void)L;
    grad_hold_end();
    return 0;
}

// How a tensor was computed, as a value that owns its node.
struct origin {
    struct grad_node *node;
    uint8_t slot;
};

static const char origin_name[] = "gradus.origin";

static int free_origin(lua_State *L)
{
    struct origin *origin = lua_touserdata(L, 1);
    grad_node_release(origin->node);
    origin->node = NULL;
    return 0;
}

// origin(t): nil for a leaf.
static int origin(lua_State *L)
{
    struct grad_tensor *t = grad_tensor_check(L, 1);
    if (!t->node)
        return 0;
    struct origin *origin = lua_newuserdatauv(L, sizeof *origin, 0);
    origin->node = NULL;
    if (luaL_newmetatable(L, origin_name)) {
        lua_pushcfunction(L, free_origin);
        lua_setfield(L, -2, "__gc");
    }
    lua_setmetatable(L, -2);
    origin->node = t->node;
    origin->slot = t->slot;
    t->node->refs++;
    return 1;
}

// set_origin(t, origin?): takes back that t was changed by a recorded call.
static int set_origin(lua_State *L)
{
    struct grad_tensor *t = grad_tensor_check(L, 1);
    struct origin *origin =
        lua_isnoneornil(L, 2) ? NULL : luaL_checkudata(L, 2, origin_name);
    struct grad_node *now = t->node, *before = origin ? origin->node : NULL;
    if (now == before)
        return 0;
    if (now)
        grad_node_forget_output(now, t);
    t->node = before;
    if (before) {
        before->refs++;
        t->slot = origin->slot;
        if (!before->output[t->slot])
            before->output[t->slot] = t;
    }
    grad_node_release(now);
    return 0;
}

// retains_grad(t), retains_grad(t, on): whether a result keeps its gradient.
static int retains_grad(lua_State *L)
{
    struct grad_tensor *t = grad_tensor_check(L, 1);
    lua_pushboolean(L, t->retains_grad);
    if (!lua_isnoneornil(L, 2))
        t->retains_grad = lua_toboolean(L, 2);
    return 1;
}

// --- hooks -------------------------------------------------------------------

// The end of the first n hooks of a tensor, or of all; how many those are.
static struct grad_hook **hooks_end(struct grad_tensor *t, lua_Integer most,
                                    lua_Integer *n)
{
    struct grad_hook **at = t->node ? &t->node->hooks : &t->hooks;
    for (*n = 0; *at && *n < most; ++*n)
        at = &(*at)->next;
    return at;
}

static int hooks(lua_State *L)
{
    lua_Integer n;
    hooks_end(grad_tensor_check(L, 1), LUA_MAXINTEGER, &n);
    lua_pushinteger(L, n);
    return 1;
}

static const char tail_name[] = "gradus.hooks";

static int free_tail(lua_State *L)
{
    struct grad_hook **tail = lua_touserdata(L, 1);
    grad_hooks_free(*tail);
    *tail = NULL;
    return 0;
}

// cut_hooks(t, n): takes the hooks behind the first n; nil if there are none.
static int cut_hooks(lua_State *L)
{
    lua_Integer n;
    struct grad_tensor *t = grad_tensor_check(L, 1);
    struct grad_hook **end = hooks_end(t, luaL_checkinteger(L, 2), &n);
    if (!*end)
        return 0;
    struct grad_hook **tail = lua_newuserdatauv(L, sizeof *tail, 0);
    *tail = NULL;
    if (luaL_newmetatable(L, tail_name)) {
        lua_pushcfunction(L, free_tail);
        lua_setfield(L, -2, "__gc");
    }
    lua_setmetatable(L, -2);
    *tail = *end;
    *end = NULL;
    return 1;
}

// add_hooks(t, tail): puts them back.
static int add_hooks(lua_State *L)
{
    lua_Integer n;
    struct grad_tensor *t = grad_tensor_check(L, 1);
    struct grad_hook **tail = luaL_checkudata(L, 2, tail_name);
    *hooks_end(t, LUA_MAXINTEGER, &n) = *tail;
    *tail = NULL;
    return 0;
}

// --- handles -----------------------------------------------------------------

static int is_open(lua_State *L)
{
    lua_pushboolean(L, grad_tensor_at(L, 1) != NULL);
    return 1;
}

// reopen(t, contents): a handle that was closed shows a copy of these.
static int reopen(lua_State *L)
{
    struct grad_tensor *contents = grad_tensor_check(L, 2);
    struct grad_error error = {0};
    if (grad_tensor_at(L, 1))
        return 0;
    struct grad_tensor *copy = grad_tensor_clone(contents, &error);
    if (!copy)
        return grad_raise(L, &error);
    grad_box_refill(L, 1, copy);
    return 0;
}

int grad_open_snapshot(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"version", version},
        {"copy", copy},
        {"restore", restore},
        {"hold", begin_hold},
        {"restore_hold", restore_hold},
        {"end_hold", end_hold},
        {"origin", origin},
        {"set_origin", set_origin},
        {"retains_grad", retains_grad},
        {"hooks", hooks},
        {"cut_hooks", cut_hooks},
        {"add_hooks", add_hooks},
        {"is_open", is_open},
        {"reopen", reopen},
        {NULL, NULL},
    };
    luaL_newlib(L, functions);
    return 1;
}
