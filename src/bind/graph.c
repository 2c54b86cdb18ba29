// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/graph.h"

#include <lauxlib.h>
#include <stdlib.h>

#include "bind/box.h"
#include "engine/autograd.h"

// The tensors found so far, in memory that is a Lua userdata; the table at
// SEEN tells which they are. The list is its own queue: there is no recursion.
enum { SEEN = 2, MEMORY = 3 };

struct found {
    lua_State *L;
    struct grad_tensor **list;
    size_t n, room;
};

static void add(struct found *f, struct grad_tensor *t)
{
    lua_State *L = f->L;
    bool is_new = lua_rawgetp(L, SEEN, t) == LUA_TNIL;
    lua_pop(L, 1);
    if (!is_new)
        return;
    if (f->n == f->room) {
        size_t room = f->room ? 2 * f->room : 64;
        struct grad_tensor **list =
            lua_newuserdatauv(L, room * sizeof *list, 0);
        for (size_t i = 0; i < f->n; i++)
            list[i] = f->list[i];
        f->list = list;
        f->room = room;
        lua_replace(L, MEMORY);
    }
    f->list[f->n++] = t;
    lua_pushinteger(L, (lua_Integer)f->n);
    lua_rawsetp(L, SEEN, t);
}

// Leaves first, then in the order of computation; outputs of one call in
// theirs.
static int in_order(const void *a, const void *b)
{
    const struct grad_tensor *x = *(struct grad_tensor *const *)a;
    const struct grad_tensor *y = *(struct grad_tensor *const *)b;
    uint64_t sx = x->node ? x->node->sequence : 0;
    uint64_t sy = y->node ? y->node->sequence : 0;
    if (sx != sy)
        return sx < sy ? -1 : 1;
    return (x->slot > y->slot) - (x->slot < y->slot);
}

static void push_contents(lua_State *L, struct grad_tensor *t, const char *name)
{
    struct grad_error error = {0};
    if (!t || !t->storage)
        return;
    struct grad_tensor **box = grad_box_push(L);
    *box = grad_tensor_alias(t, &error);
    if (!*box)
        grad_raise(L, &error);
    lua_setfield(L, -2, name);
}

static void push_inputs(lua_State *L, const struct grad_node *node)
{
    lua_createtable(L, node ? node->n_in : 0, 0);
    int n = 0;
    for (int i = 0; node && i < node->n_in; i++) {
        if (!node->in[i].tensor)
            continue;
        lua_rawgetp(L, SEEN, node->in[i].tensor);
        lua_rawseti(L, -2, ++n);
    }
    lua_setfield(L, -2, "inputs");
}

static void push_entry(lua_State *L, struct grad_tensor *t)
{
    lua_createtable(L, 0, 8);
    lua_pushstring(L, t->node ? t->node->op->name : "leaf");
    lua_setfield(L, -2, "op");
    lua_createtable(L, t->ndim, 0);
    for (int d = 0; d < t->ndim; d++) {
        lua_pushinteger(L, (lua_Integer)t->shape[d]);
        lua_rawseti(L, -2, d + 1);
    }
    lua_setfield(L, -2, "shape");
    lua_pushboolean(L, t->requires_grad);
    lua_setfield(L, -2, "requires_grad");
    lua_pushlightuserdata(L, t);
    lua_setfield(L, -2, "id");
    push_contents(L, t, "value");
    push_contents(L, grad_tensor_grad(t), "grad");
    push_inputs(L, t->node);
}

// graph(t) -> {{op, shape, inputs, value?, grad?, requires_grad, id}, ...}
static int graph(lua_State *L)
{
    struct found f = {.L = L};
    struct grad_tensor *t = grad_tensor_check(L, 1);
    lua_settop(L, 1);
    lua_newtable(L); // SEEN
    lua_pushnil(L);  // MEMORY
    add(&f, t);
    for (size_t i = 0; i < f.n; i++) {
        struct grad_node *node = f.list[i]->node;
        for (int k = 0; node && k < node->n_in; k++) {
            if (node->in[k].tensor)
                add(&f, node->in[k].tensor);
        }
    }
    qsort(f.list, f.n, sizeof *f.list, in_order);
    lua_createtable(L, (int)f.n, 0);
    for (size_t i = 0; i < f.n; i++) {
        lua_pushinteger(L, (lua_Integer)i + 1);
        lua_rawsetp(L, SEEN, f.list[i]);
    }
    for (size_t i = 0; i < f.n; i++) {
        push_entry(L, f.list[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

// op_of(t): the name of the op that computed t, nil for a leaf.
static int op_of(lua_State *L)
{
    struct grad_tensor *t = grad_tensor_check(L, 1);
    if (t->node)
        lua_pushstring(L, t->node->op->name);
    else
        lua_pushnil(L);
    return 1;
}

// tensor_id(t): the same for all Lua handles of one tensor.
static int tensor_id(lua_State *L)
{
    lua_pushlightuserdata(L, grad_tensor_check(L, 1));
    return 1;
}

void grad_graph_open(lua_State *L)
{
    static const luaL_Reg functions[] = {{"graph", graph},
                                         {"op_of", op_of},
                                         {"tensor_id", tensor_id},
                                         {NULL, NULL}};
    luaL_setfuncs(L, functions, 0);
}
