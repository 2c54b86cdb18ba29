// SPDX-License-Identifier: GPL-3.0-or-later
// The prompt: reads Lua with GNU Readline, runs it, prints what comes back.
// The terminal, the history and Ctrl-C are here; reading on, evaluation,
// printing, commands and completion are in lua/repl.
#ifndef GRAD_REPL_REPL_H
#define GRAD_REPL_REPL_H

#include <lua.h>
#include <stdbool.h>

#include "repl/interrupt.h"

struct grad_repl_options {
    bool no_history; // neither read nor write the history file
    bool no_color;
    bool quiet; // no greeting
    const char *version;
};

// Prepares a state for scripts and the prompt: Lua's own libraries, the module
// `gradus.terminal` and grad_interrupt_install. Call it before the library is
// opened. May raise.
void grad_repl_open(lua_State *L, const struct grad_interrupt_hooks *hooks);

// Reads and runs until end of file or `:quit`; returns the exit code.
int grad_repl_run(lua_State *L, const struct grad_repl_options *options);

#endif
