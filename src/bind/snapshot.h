// SPDX-License-Identifier: GPL-3.0-or-later
// Copies of tensors to return to, as the module `gradus.snapshot`.
//
//     snapshot.version(t)                     the count of t's changes in place
//     snapshot.copy(t)                        its contents, without history
//     snapshot.restore(t, contents, version)  puts contents and count back
//     snapshot.hold()                         from now on a backward can be
//                                             taken back; what is spent so far
//     snapshot.restore_hold(spent)            takes back what came since
//     snapshot.end_hold()
//     snapshot.origin(t), set_origin(t, o)    how t was computed
//     snapshot.retains_grad(t, on?)           whether a result keeps its .grad
//     snapshot.hooks(t)                       how many it has
//     snapshot.cut_hooks(t, n)                takes those behind the first n
//     snapshot.add_hooks(t, cut)              puts them back
//     snapshot.is_open(t), reopen(t, c)       a handle that was closed
//
// With the count put back as well, a graph that saved t can still be walked
// after a wrong answer that changed t in place was undone.
#ifndef GRAD_BIND_SNAPSHOT_H
#define GRAD_BIND_SNAPSHOT_H

#include <lua.h>

int grad_open_snapshot(lua_State *L);

#endif
