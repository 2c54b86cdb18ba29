// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/change.h"

#include <lauxlib.h>

#include "bind/box.h"
#include "engine/autograd.h"
#include "engine/copy.h"
#include "engine/interrupt.h"
#include "engine/thread.h"

void grad_require_check(lua_State *L, struct grad_tensor *t, bool on)
{
    struct grad_error error = {0};
    if (!grad_require(t, on, &error))
        grad_raise(L, &error);
}

bool grad_stoppable_begin(void)
{
    return grad_parallel_may_stop(true);
}

void grad_stoppable_end(lua_State *L, bool before)
{
    struct grad_error error = {0};
    grad_parallel_may_stop(before);
    if (!grad_interrupt_check(&error))
        grad_raise(L, &error);
}

void grad_writable_check(lua_State *L, const struct grad_tensor *t,
                         const char *who)
{
    if (t->requires_grad && grad_recording())
        luaL_error(L,
                   "%s: this tensor is part of a recorded graph; writing into "
                   "it would lose gradients. Hint: inside "
                   "autograd.no_grad(function() ... end), or on x:detach()",
                   who);
}

void grad_fill_stoppable(lua_State *L, struct grad_tensor *t, double value)
{
    bool before = grad_stoppable_begin();
    grad_tensor_fill(t, value);
    grad_stoppable_end(L, before);
}
