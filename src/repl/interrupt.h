// SPDX-License-Identifier: GPL-3.0-or-later
// Ctrl-C stops running Lua, whatever it does, for scripts and the prompt alike.
//
// The handler begins a stop (see stop.h): an error that pcall, xpcall and the
// coroutine functions (passing.h) do not hold; it ends only the outermost
// grad_interrupt_call. Long C kernels are told through the callback
// `on_interrupt`; they return early and their binding raises.
//
// A second press while the first has no effect yet explains why, a third
// quits with exit code 130 and the terminal as it was.
#ifndef GRAD_REPL_INTERRUPT_H
#define GRAD_REPL_INTERRUPT_H

#include <lua.h>
#include <stdbool.h>

struct grad_interrupt_hooks {
    void (*on_interrupt)(void); // runs inside the signal handler; may be NULL
    void (*clear)(void);        // before and after an evaluation; may be NULL
};

// Installs the handler of SIGINT and the functions of passing.h in L. Call it
// once, from the main thread. May raise (out of memory).
void grad_interrupt_install(lua_State *L,
                            const struct grad_interrupt_hooks *hooks);

// lua_pcall that Ctrl-C can stop; inside another one it passes the stop on.
// A stopped call returns LUA_ERRRUN with the message "interrupted".
int grad_interrupt_call(lua_State *L, int nargs, int nresults, int handler);

// lua_pcall for a part that reads keys and runs what they ask for: inside it a
// grad_interrupt_call is an outermost one, and a press between two of them is
// told by grad_interrupt_take_idle.
int grad_interrupt_aside(lua_State *L, int nargs, int nresults);

// Whether the last outermost call ended because it was stopped.
bool grad_interrupt_happened(void);

// Waits until fd (-1: none) has something to read, for `seconds` (negative:
// for ever) or until Ctrl-C or SIGTERM; false unless there is something. One
// that comes just before is not waited over, as it would be by read or sleep.
bool grad_interrupt_wait(int fd, double seconds);

// SIGTERM and SIGHUP stop what runs, too; then the caller is to leave. Those
// who ignore that for a second are ended the hard way.
void grad_interrupt_catch_termination(void);

// The termination signal that has arrived, or 0.
int grad_interrupt_termination(void);

// A press of Ctrl-C while nothing is evaluated; tells once.
bool grad_interrupt_take_idle(void);

#endif
