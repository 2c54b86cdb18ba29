// SPDX-License-Identifier: GPL-3.0-or-later
// The file formats of src/io as Lua sees them: gradus.core's tables
// safetensors, npy, idx, cifar10 and csv.
#ifndef GRAD_BIND_FILES_H
#define GRAD_BIND_FILES_H

#include <lua.h>

// Adds the tables to the table on the stack's top.
void grad_files_open(lua_State *L);

#endif
