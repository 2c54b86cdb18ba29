// SPDX-License-Identifier: GPL-3.0-or-later
// A stop: the error that ends all the Lua that runs. What begins one (Ctrl-C,
// see interrupt.h) and what passes it on (pcall and its like, see passing.h)
// share no more than this.
#ifndef GRAD_REPL_STOP_H
#define GRAD_REPL_STOP_H

#include <lua.h>
#include <stdbool.h>

// Begins a stop: the state that runs raises it at its next instruction. Safe
// in a signal handler.
void grad_stop_now(void);

// Whether a stop is under way. Whoever catches an error then passes it on.
bool grad_stop_is_on(void);

// Raises the stop, as lua_error does.
int grad_stop_raise(lua_State *L);

// L is from now on what runs, NULL for nothing; returns what ran before.
lua_State *grad_stop_set_running(lua_State *L);

// Nothing runs any more, L was outermost: tells whether it was stopped.
bool grad_stop_end(lua_State *L);

// Around a coroutine: what runs is `co`, and then again what enter returned. A
// stop that is under way goes on in both.
lua_State *grad_stop_enter(lua_State *co);
void grad_stop_leave(lua_State *before);

// Whether the coroutine at `index` was ended by a stop. It is never closed: its
// __close functions could not be stopped.
bool grad_stop_has_ended(lua_State *L, int index);

#endif
