// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/function.h"

#include <lauxlib.h>
#include <string.h>

#include "bind/box.h"
#include "bind/entry.h"
#include "engine/autograd.h"
#include "engine/copy.h"
#include "engine/memory.h"

// A Lua function that the engine holds, by its place in the registry.
struct held {
    int ref;
};

static lua_State *main_state;
static lua_State *calling_state;

lua_State *grad_callback_state(lua_State *L)
{
    lua_State *before = calling_state;
    calling_state = L;
    return before;
}

// Pushes what is to be held of the function at `index`: while a lesson's code
// runs gradus.guest decides. It may raise, so nothing is allocated yet.
static void push_kept(lua_State *L, int index)
{
    lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    if (lua_getfield(L, -1, "gradus.guest") != LUA_TTABLE) {
        lua_pop(L, 2);
        lua_pushvalue(L, index);
        return;
    }
    lua_getfield(L, -1, "keep");
    lua_pushvalue(L, index);
    lua_call(L, 1, 1);
    lua_replace(L, -3);
    lua_pop(L, 1);
}

static struct held *hold(lua_State *L, int index, struct grad_error *error)
{
    push_kept(L, index);
    lua_replace(L, index);
    struct held *held = grad_memory_alloc(sizeof *held, error);
    if (!held)
        return NULL;
    held->ref = LUA_NOREF;
    lua_pushvalue(L, index);
    held->ref = luaL_ref(L, LUA_REGISTRYINDEX);
    return held;
}

void grad_function_close(void)
{
    main_state = NULL;
}

// May run inside a collection: it only writes to a place that exists. Once
// the state is being closed there is no such place any more.
static void let_go(void *context)
{
    struct held *held = context;
    if (main_state)
        luaL_unref(main_state, LUA_REGISTRYINDEX, held->ref);
    grad_memory_free(held, sizeof *held);
}

// The error on the stack's top as one of the engine's. An interrupt stays
// one. Pops it; always false.
static bool take_error(lua_State *L, struct grad_error *error)
{
    lua_getfield(L, LUA_REGISTRYINDEX, "gradus.interrupted");
    bool interrupted = !lua_isnil(L, -1) && lua_rawequal(L, -1, -2);
    lua_pop(L, 1);
    if (interrupted)
        grad_fail(error, GRAD_ERROR_INTERRUPTED, "interrupted");
    else
        grad_fail(error, GRAD_ERROR_CALLBACK, "%s",
                  luaL_tolstring(L, -1, NULL));
    lua_settop(L, -2);
    return false;
}

// --- Function ----------------------------------------------------------------

struct walk_call {
    struct held *held;
    struct grad_backward *b;
};

// Takes what backward returned for input k. Raises.
static void take_gradient(lua_State *L, struct grad_backward *b, int k,
                          int index)
{
    char want[GRAD_SHAPE_TEXT], got[GRAD_SHAPE_TEXT];
    struct grad_error error = {0};
    if (!b->needs[k] || lua_isnoneornil(L, index))
        return;
    struct grad_tensor *g = grad_tensor_at(L, index);
    if (!g)
        luaL_error(L,
                   "backward: result %d should be the gradient of input %d; "
                   "got %s",
                   k + 1, k + 1, luaL_typename(L, index));
    if (!grad_tensor_same_shape(g, b->in[k]))
        luaL_error(L, "backward: the gradient of input %d is %s; the input %s",
                   k + 1, grad_shape_text(got, g->ndim, g->shape),
                   grad_shape_text(want, b->in[k]->ndim, b->in[k]->shape));
    if (g->dtype != b->in[k]->dtype)
        b->gin[k] = grad_tensor_convert(g, b->in[k]->dtype, &error);
    else
        b->gin[k] = grad_tensor_alias(g, &error);
    if (!b->gin[k])
        grad_raise(L, &error);
}

// Protected: calls the Lua backward with the gradients of the outputs.
static int call_backward(lua_State *L)
{
    struct walk_call *call = lua_touserdata(L, 1);
    struct grad_backward *b = call->b;
    int n_out = 0;
    lua_rawgeti(L, LUA_REGISTRYINDEX, call->held->ref);
    for (int i = 0; i < GRAD_MAX_OUTPUTS; i++) {
        if (b->gout[i])
            n_out = i + 1;
    }
    for (int i = 0; i < n_out; i++) {
        if (b->gout[i])
            grad_tensor_push(L, grad_tensor_retain(b->gout[i]));
        else
            lua_pushnil(L);
    }
    luaL_checkstack(L, b->n_in + 8, "gradients");
    lua_call(L, n_out, b->n_in);
    for (int k = 0; k < b->n_in; k++)
        take_gradient(L, b, k, 2 + k);
    return 0;
}

// Runs `function(argument)` protected, without recording.
static bool run_protected(lua_CFunction function, void *argument, int results,
                          struct grad_error *error)
{
    lua_State *L = calling_state ? calling_state : main_state;
    if (!lua_checkstack(L, 8))
        return grad_fail(error, GRAD_ERROR_CALLBACK, "the Lua stack is full");
    bool recording = grad_set_recording(false);
    lua_pushcfunction(L, function);
    lua_pushlightuserdata(L, argument);
    int status = lua_pcall(L, 1, results, 0);
    grad_set_recording(recording);
    return status == LUA_OK || take_error(L, error);
}

static bool backward(void *context, struct grad_backward *b,
                     struct grad_error *error)
{
    struct walk_call call = {context, b};
    if (run_protected(call_backward, &call, 0, error))
        return true;
    for (int k = 0; k < b->n_in; k++) {
        grad_tensor_release(b->gin[k]);
        b->gin[k] = NULL;
    }
    return false;
}

// The tensors of the table at `index`, in memory left on the stack.
static struct grad_tensor **read_list(lua_State *L, int index, int *n)
{
    luaL_checktype(L, index, LUA_TTABLE);
    *n = (int)lua_rawlen(L, index);
    struct grad_tensor **list =
        lua_newuserdatauv(L, (size_t)(*n + 1) * sizeof *list, 0);
    for (int i = 0; i < *n; i++) {
        lua_rawgeti(L, index, i + 1);
        list[i] = grad_tensor_check(L, -1);
        lua_pop(L, 1); // the table keeps it
    }
    return list;
}

// record_custom(inputs, outputs, backward): outputs are leaves of no other
// graph; backward(gradients...) returns the gradients of the inputs.
static int record_custom(lua_State *L)
{
    int n_in, n_out;
    struct grad_tensor **in = read_list(L, 1, &n_in);
    struct grad_tensor **out = read_list(L, 2, &n_out);
    luaL_checktype(L, 3, LUA_TFUNCTION);
    luaL_argcheck(L, n_in >= 1 && n_in < 60000, 1, "one or more inputs");
    luaL_argcheck(L, n_out >= 1 && n_out <= GRAD_MAX_OUTPUTS, 2,
                  "one to four outputs");
    for (int i = 0; i < n_out; i++)
        luaL_argcheck(L, !out[i]->node, 2, "an output has a history already");
    struct grad_error error = {0};
    struct held *held = hold(L, 3, &error);
    if (!held)
        return grad_raise(L, &error);
    struct grad_custom *custom = grad_memory_alloc(sizeof *custom, &error);
    if (!custom) {
        let_go(held);
        return grad_raise(L, &error);
    }
    *custom = (struct grad_custom){held, backward, let_go};
    if (!grad_record_custom(in, n_in, out, n_out, custom, &error))
        return grad_raise(L, &error);
    return 0;
}

// --- hooks -------------------------------------------------------------------

struct hook_call {
    struct held *held;
    struct grad_tensor *gradient;
    struct grad_tensor *after; // a new reference
};

static int call_hook(lua_State *L)
{
    struct hook_call *call = lua_touserdata(L, 1);
    struct grad_error error = {0};
    lua_rawgeti(L, LUA_REGISTRYINDEX, call->held->ref);
    grad_tensor_push(L, grad_tensor_retain(call->gradient));
    lua_call(L, 1, 1);
    struct grad_tensor *after = grad_tensor_at(L, -1);
    if (!after && !lua_isnil(L, -1))
        luaL_error(L,
                   "register_hook: a hook returns a gradient or nothing; "
                   "got %s",
                   luaL_typename(L, -1));
    if (after && (!grad_tensor_same_shape(after, call->gradient) ||
                  after->dtype != call->gradient->dtype))
        luaL_error(L, "register_hook: a hook's gradient must have the shape "
                      "and type of the one it got");
    if (after)
        after = grad_tensor_alias(after, &error);
    else
        after = grad_tensor_retain(call->gradient);
    if (!after)
        return grad_raise(L, &error);
    call->after = after;
    return 0;
}

static struct grad_tensor *hook(void *context, struct grad_tensor *gradient,
                                struct grad_error *error)
{
    struct hook_call call = {context, gradient, NULL};
    return run_protected(call_hook, &call, 0, error) ? call.after : NULL;
}

static int register_hook(lua_State *L)
{
    struct grad_tensor *t = grad_tensor_check(L, 1);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    if (!t->requires_grad)
        return luaL_error(L, "register_hook: this tensor needs no gradient. "
                             "Hint: x:requires_grad_() first");
    struct grad_error error = {0};
    struct held *held = hold(L, 2, &error);
    if (!held)
        return grad_raise(L, &error);
    struct grad_hook *new = grad_memory_alloc(sizeof *new, &error);
    if (!new) {
        let_go(held);
        return grad_raise(L, &error);
    }
    *new = (struct grad_hook){.context = held, .call = hook, .free = let_go};
    if (!grad_add_hook(t, new, &error))
        return grad_raise(L, &error);
    lua_settop(L, 1);
    return 1;
}

// --- opening -----------------------------------------------------------------

static const struct grad_entry methods[] = {
    {"register_hook", register_hook,
     "tensor:register_hook(f: function) -> tensor\n"
     "Calls f with the tensor's gradient when backward() has computed it; what "
     "f\n"
     "returns, if anything, takes its place. Returns the tensor.\n"
     "> w = tensor({1, 2}, {requires_grad = true})\n"
     "> w:register_hook(function(g) return g * 10 end);\n"
     "> w:sum():backward()\n"
     "> w.grad\n"
     "tensor{10, 10}  -- float32 (2)"},
    {NULL, NULL, NULL},
};

void grad_function_open(lua_State *L)
{
    lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
    main_state = lua_tothread(L, -1);
    lua_pop(L, 1);
    lua_pushcfunction(L, record_custom);
    lua_setfield(L, -2, "record_custom");
    grad_methods_open(L, methods);
}
