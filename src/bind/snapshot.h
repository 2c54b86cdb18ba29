// SPDX-License-Identifier: GPL-3.0-or-later
// Copies of tensors to return to, as the module `gradus.snapshot`.
//
//     snapshot.version(t)                     the count of t's changes in place
//     snapshot.copy(t)                        its contents, without history
//     snapshot.restore(t, contents, version)  puts contents and count back
//
// With the count put back as well, a graph that saved t can still be walked
// after a wrong answer that changed t in place was undone.
#ifndef GRAD_BIND_SNAPSHOT_H
#define GRAD_BIND_SNAPSHOT_H

#include <lua.h>

int grad_open_snapshot(lua_State *L);

#endif
