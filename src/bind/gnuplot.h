// SPDX-License-Identifier: GPL-3.0-or-later
// The module `gradus.gnuplot`, for lua/plot: one gnuplot for each Lua state,
// a private folder for its data, and what the screen can do.
#ifndef GRAD_BIND_GNUPLOT_H
#define GRAD_BIND_GNUPLOT_H

#include <lua.h>
#include <stdbool.h>

// Adds the module to package.preload.
void grad_gnuplot_preload(lua_State *L);

// `f(data)` is asked, beside the engine's interrupt flag, while a picture is
// waited for; when either says yes, the waiting ends with the Lua error
// "interrupted". For all states; NULL: only the flag.
void grad_gnuplot_interrupt(bool (*f)(void *data), void *data);

#endif
