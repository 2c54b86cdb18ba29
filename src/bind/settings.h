// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine can be told and asked: threads, memory, recording.
#ifndef GRAD_BIND_SETTINGS_H
#define GRAD_BIND_SETTINGS_H

#include <lua.h>

// Adds memory, threads, clock, cpu and recording to the table on the stack's
// top.
void grad_settings_open(lua_State *L);

#endif
