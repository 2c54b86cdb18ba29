// SPDX-License-Identifier: GPL-3.0-or-later
// The Lua module `gradus.terminal`: what the prompt's Lua code needs of C.
#ifndef GRAD_REPL_MODULE_H
#define GRAD_REPL_MODULE_H

#include <lua.h>

// Its loader; pushes the module's table.
int grad_repl_module(lua_State *L);

// Lets Readline's TAB call the Lua function set by terminal.on_complete.
void grad_repl_module_use(lua_State *L);

#endif
