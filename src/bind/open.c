// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/open.h"

#include <lauxlib.h>
#include <lualib.h>

#include "bind/gnuplot.h"
#include "bind/library.h"

void grad_bind_open(lua_State *L)
{
    luaL_openlibs(L);
    grad_gnuplot_preload(L);
    grad_library_install(L);
    lua_getglobal(L, "require");
    lua_pushliteral(L, "gradus.init");
    lua_call(L, 1, 0);
}
