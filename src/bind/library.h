// SPDX-License-Identifier: GPL-3.0-or-later
// Where the Lua library and the lessons lie, and how `require` finds them.
#ifndef GRAD_BIND_LIBRARY_H
#define GRAD_BIND_LIBRARY_H

#include <lua.h>

// Adds a searcher for modules named "gradus.*" to package.searchers; name
// "gradus.a.b" is LIB/a/b.lua or LIB/a/b/init.lua. Sets the registry field
// "gradus.library" (folder of the Lua library) and "gradus.lessons".
void grad_library_install(lua_State *L);

#endif
