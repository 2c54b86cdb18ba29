// SPDX-License-Identifier: GPL-3.0-or-later
// The module `gradus.process`, for train.search: child programs that are
// spoken to through pipes. A child that its handle's owner forgets is ended by
// the collector, and by the end of the Lua state.
//
//     process.program()            the path of the running gradus
//     process.cores()              how many this process may use
//     process.start{path, word...} -> child; raises if there is no program
//     process.wait(children, s)    until one of them has something to read, at
//                                  most s seconds; a signal ends it early
//     process.end_with_parent()    from now on this process ends when the one
//                                  that started it does (Linux; elsewhere
//                                  nothing happens)
//     child:send(text)             all of it; raises when the child is gone
//     child:read()                 what is there, "" if nothing, nil at the end
//     child:close()                interrupts the child, kills it if that does
//                                  not end it within half a second
#ifndef GRAD_BIND_PROCESS_H
#define GRAD_BIND_PROCESS_H

#include <lua.h>

int grad_open_process(lua_State *L);

#endif
