// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers of a live picture on their way from a training loop into curves.
#ifndef GRAD_BIND_RECORDER_H
#define GRAD_BIND_RECORDER_H

#include <lua.h>

// The module gradus.recorder, on the stack's top:
//
// new(take, look, clock, log) -> recorder, add, update
//   The functions stand in training loops: one that takes a microsecond must
//   not notice them. add(self, ...) takes in (name, y), (name, x, y),
//   {name = y} and (x, {name = y}) where the names are known; else it calls
//   take(self, ...). Both look at the clock now and then: once its time is due,
//   they call look(). `clock` is a function or nil, `log` says what grad_curve
//   wants to know.
//   recorder:put(name, x or nil, y)  adds a point, to a new curve if need be
//   recorder:names()                 in the order of their first points
//   recorder:read(name, parts)       x, y as lists, thinned
//   recorder:counts(name)            given, nans, infs, the first of these,
//   those <= 0 recorder:work()                  how many calls, weighed, since
//   it was asked recorder:due(seconds)            when to call look()
// thin(x, y, parts, log) -> x, y     grad_curve_thin for lists
int grad_open_recorder(lua_State *L);

#endif
