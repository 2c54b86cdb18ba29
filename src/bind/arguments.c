// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/arguments.h"

#include <lauxlib.h>
#include <string.h>

static size_t size_check(lua_State *L, int index, int arg)
{
    int exact;
    lua_Integer n = lua_tointegerx(L, index, &exact);
    if (!exact || n < 0)
        luaL_argerror(L, arg,
                      lua_pushfstring(L,
                                      "a size must be a whole number from 0; "
                                      "got %s",
                                      luaL_tolstring(L, index, NULL)));
    return (size_t)n;
}

int grad_sizes_check(lua_State *L, int index, size_t *shape, int *next)
{
    int n = 0;
    if (lua_istable(L, index)) {
        lua_Unsigned length = lua_rawlen(L, index);
        if (length > GRAD_MAX_DIMS)
            luaL_argerror(L, index, "a tensor has at most 8 dimensions");
        for (; n < (int)length; n++) {
            lua_rawgeti(L, index, n + 1);
            shape[n] = size_check(L, -1, index);
            lua_pop(L, 1);
        }
        *next = index + 1;
        return n;
    }
    for (; lua_type(L, index) == LUA_TNUMBER; index++) {
        if (n == GRAD_MAX_DIMS)
            luaL_argerror(L, index, "a tensor has at most 8 dimensions");
        shape[n++] = size_check(L, index, index);
    }
    *next = index;
    return n;
}

static enum grad_dtype dtype_check(lua_State *L, int index)
{
    const char *name = lua_tostring(L, index);
    for (int d = GRAD_FLOAT32; d <= GRAD_FLOAT64; d++) {
        if (name && !strcmp(name, grad_dtype_name((enum grad_dtype)d)))
            return (enum grad_dtype)d;
    }
    luaL_error(L, "unknown dtype %s; expected \"float32\" or \"float64\"",
               luaL_tolstring(L, index, NULL));
    return GRAD_FLOAT32;
}

struct grad_new_options grad_new_options_check(lua_State *L, int index)
{
    struct grad_new_options options = {GRAD_FLOAT32, false};
    if (lua_isnoneornil(L, index))
        return options;
    luaL_checktype(L, index, LUA_TTABLE);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        const char *key =
            lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
        if (!strcmp(key, "dtype"))
            options.dtype = dtype_check(L, -1);
        else if (!strcmp(key, "requires_grad"))
            options.requires_grad = lua_toboolean(L, -1);
        else
            luaL_error(L, "unknown option '%s'. Options: dtype, requires_grad",
                       luaL_tolstring(L, -2, NULL));
    }
    return options;
}

int grad_dim_check(lua_State *L, int index, int ndim, const char *who)
{
    int exact;
    lua_Integer d = lua_tointegerx(L, index, &exact);
    lua_Integer zero = d > 0 ? d - 1 : d + ndim;
    if (!exact || d == 0 || zero < 0 || (zero >= ndim && ndim > 0) ||
        (ndim == 0 && zero > 0))
        luaL_error(L,
                   "%s: no dimension %s in a tensor of %d dimension%s, which "
                   "count from 1 (or from -1 backwards)",
                   who, luaL_tolstring(L, index, NULL), ndim,
                   ndim == 1 ? "" : "s");
    return (int)zero;
}

void grad_shape_push(lua_State *L, const struct grad_tensor *t)
{
    lua_createtable(L, t->ndim, 0);
    for (int d = 0; d < t->ndim; d++) {
        lua_pushinteger(L, (lua_Integer)t->shape[d]);
        lua_rawseti(L, -2, d + 1);
    }
}
