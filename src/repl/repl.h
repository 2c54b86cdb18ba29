// SPDX-License-Identifier: GPL-3.0-or-later
// The prompt: reads Lua with GNU Readline, runs it, prints what comes back.
#ifndef GRAD_REPL_REPL_H
#define GRAD_REPL_REPL_H

#include <lua.h>

// Reads and runs until end of file; returns the program's exit code.
int grad_repl_run(lua_State *L);

#endif
