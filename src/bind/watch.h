// SPDX-License-Identifier: GPL-3.0-or-later
// The watch over guest code: a budget of Lua instructions, of seconds of the
// processor and of memory, Lua's and the tensors', for one call.
//
// Instructions are counted by a hook; when the time is over a timer's signal
// asks the kernels to stop, as Ctrl-C does, and the hook raises at the next
// look. C functions that loop on their own ask with grad_watch_poll.
#ifndef GRAD_BIND_WATCH_H
#define GRAD_BIND_WATCH_H

#include <lua.h>

// The functions guard, watch and is_over of the module gradus.sandbox.
int grad_watch_guard(lua_State *L);
int grad_watch_coroutine(lua_State *L);
int grad_watch_is_over(lua_State *L);

// Raises an error if a limit of the watch is reached or Ctrl-C was pressed.
void grad_watch_poll(lua_State *L);

#endif
