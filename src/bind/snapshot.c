// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/snapshot.h"

#include <lauxlib.h>

#include "bind/box.h"
#include "engine/autograd.h"

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

int grad_open_snapshot(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"version", version},
        {"copy", copy},
        {"restore", restore},
        {NULL, NULL},
    };
    luaL_newlib(L, functions);
    return 1;
}
