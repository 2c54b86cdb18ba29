// SPDX-License-Identifier: GPL-3.0-or-later
// What lessons need of C, as the module `gradus.sandbox`: the watch over guest
// code (bind/watch.h) and the files of their own.
//
//     sandbox.guard(limits, after, f, ...)
//                                     pcall(f, ...) under the limits
//                                     {instructions =, seconds =, bytes =,
//                                     tensor_bytes =};
//                                     a fourth kind of result: after `false`
//                                     and the error stands "instructions",
//                                     "seconds" or "memory" where a limit
//                                     ended the call, else nil. Inside a
//                                     guarded call it is a plain pcall.
//                                     `after` is called at the end, also
//                                     where ^C goes through.
//     sandbox.watch(coroutine)        puts a coroutine made before the call
//                                     under the watch as well
//     sandbox.is_over()               has a limit been reached?
//     sandbox.real_path(path)         without links and dots; nil if absent
//     sandbox.replace(path, text)     writes a whole file or leaves the old
//     sandbox.make_folder(path)       with its parents, for the owner alone
//     sandbox.list_folder(path)       the names in it, sorted; none if absent
//     sandbox.is_terminal()           is standard output one?
//     sandbox.fingerprint(text)       64 bits as 16 hexadecimal digits
//
// A tripped watch raises at every further instruction, so that no pcall of
// the guest can outlive it.
#ifndef GRAD_BIND_SANDBOX_H
#define GRAD_BIND_SANDBOX_H

#include <lua.h>

int grad_open_sandbox(lua_State *L);

#endif
