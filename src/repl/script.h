// SPDX-License-Identifier: GPL-3.0-or-later
// A script as text: read whole, refused if it is no text, loaded, and asked
// whether it is a lesson.
#ifndef GRAD_REPL_SCRIPT_H
#define GRAD_REPL_SCRIPT_H

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>

struct grad_script {
    char *text; // owned; grad_script_free releases it
    size_t length;
    char message[512]; // why reading failed
};

// Reads a file, or standard input for "-". On failure (missing, a folder, not
// readable, not text) returns false with `message` filled and nothing to free.
bool grad_script_read(struct grad_script *script, const char *path);
void grad_script_free(struct grad_script *script);

// Whether the first statement calls `lesson`.
bool grad_script_is_lesson(const struct grad_script *script);

// Pushes the chunk and returns LUA_OK, or pushes a message and returns Lua's
// status. A first line that begins with # is skipped.
int grad_script_load(lua_State *L, const struct grad_script *script,
                     const char *path);

#endif
