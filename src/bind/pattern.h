// SPDX-License-Identifier: GPL-3.0-or-later
// Lua's find, match, gmatch and gsub for guest code: the same patterns, but
// the search asks the watch (bind/watch.h) every so many steps whether it may
// go on. Lua's own ones try every way through a pattern like "a-a-a-a-b" and
// cannot be stopped.
//
// A pattern is first made into nodes and then matched by backtracking. It is
// checked as a whole, so that a malformed end is an error also where the
// beginning does not match.
#ifndef GRAD_BIND_PATTERN_H
#define GRAD_BIND_PATTERN_H

#include <lua.h>

// Leaves a table {find =, match =, gmatch =, gsub =}.
int grad_open_pattern(lua_State *L);

#endif
