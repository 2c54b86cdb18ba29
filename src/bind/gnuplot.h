// SPDX-License-Identifier: GPL-3.0-or-later
// The module `gradus.gnuplot`, for lua/plot: one gnuplot for each Lua state,
// a private folder for its data, and what the screen can do.
#ifndef GRAD_BIND_GNUPLOT_H
#define GRAD_BIND_GNUPLOT_H

#include <lua.h>

// Adds the module to package.preload. Ctrl-C ends the waiting for a picture
// with the Lua error "interrupted".
void grad_gnuplot_preload(lua_State *L);

#endif
