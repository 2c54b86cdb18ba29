// SPDX-License-Identifier: GPL-3.0-or-later
// An error as its reader wants it: where in the reader's own file, what, and
// the way there through the reader's own functions.
#ifndef GRAD_REPL_TRACEBACK_H
#define GRAD_REPL_TRACEBACK_H

#include <lua.h>

// A message handler for lua_pcall. Turns the error value into a string
//
//     FILE:LINE: message
//     stack traceback:
//         FILE:LINE: in function 'name'
//         ...
//
// in which frames of C functions and of the library (the folder in the
// registry field "gradus.library") are left out; a message that begins with a
// place in the library gets the place of the user's call instead. With one
// frame only, which the message names already, there is no traceback.
int grad_traceback(lua_State *L);

#endif
