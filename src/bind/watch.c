// SPDX-License-Identifier: GPL-3.0-or-later
#include "bind/watch.h"

#include <lauxlib.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "engine/interrupt.h"
#include "engine/memory.h"

enum { STRIDE = 1000 }; // instructions between two looks

// One watch at a time: guest code runs on the main thread, and a guarded call
// inside another shares its budget.
static struct {
    volatile sig_atomic_t active;
    volatile sig_atomic_t late; // the timer has rung
    const char *tripped;        // the limit that ended the call
    double left;                // instructions
    size_t ceiling;             // bytes Lua may hold
    bool refused;               // the allocator said no
    size_t refusals;            // of the engine, before the call
} watch;

static struct {
    lua_Alloc function;
    void *data;
    size_t used;
} below; // the allocator under ours

// --- time --------------------------------------------------------------------

static timer_t timer;
static bool has_timer;

// A kernel that runs is stopped through the flag of Ctrl-C.
static void ring(int signal)
{
    (void)signal;
    if (!watch.active)
        return;
    watch.late = 1;
    grad_interrupt_flag = 1;
}

// Of the processor, so that a busy machine stops nothing: what the main thread
// uses, since that of all threads would pass faster than a clock.
static bool make_timer(void)
{
    if (has_timer)
        return true;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = ring;
    action.sa_flags = SA_RESTART;
    struct sigevent event;
    memset(&event, 0, sizeof event);
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGRTMIN;
    has_timer = sigaction(SIGRTMIN, &action, NULL) == 0 &&
                timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer) == 0;
    return has_timer;
}

// Rings again and again from then on, since a kernel may clear the flag.
static void set_timer(double seconds)
{
    if (seconds > 1e6)
        seconds = 1e6;
    if (!make_timer())
        return;
    struct itimerspec when = {{0, 0}, {0, 0}};
    when.it_value.tv_sec = (time_t)seconds;
    when.it_value.tv_nsec = (long)(1e9 * (seconds - (double)(time_t)seconds));
    if (seconds > 0)
        when.it_interval.tv_nsec = 200000000;
    timer_settime(timer, 0, &when, NULL);
}

static void end_timer(void)
{
    set_timer(0);
    if (watch.late)
        grad_interrupt_flag = 0;
    watch.late = 0;
}

// --- instructions ------------------------------------------------------------

static void trip(lua_State *L)
{
    luaL_error(L, "stopped: the limit of %s is reached", watch.tripped);
}

static void look(lua_State *L, lua_Debug *ar)
{
    (void)ar;
    if (!watch.active) { // a coroutine that outlived its guarded call
        lua_sethook(L, NULL, 0, 0);
        return;
    }
    watch.left -= STRIDE;
    if (!watch.tripped && watch.late)
        watch.tripped = "seconds";
    if (!watch.tripped && watch.left < 0)
        watch.tripped = "instructions";
    if (!watch.tripped)
        return;
    lua_sethook(L, look, LUA_MASKCOUNT, 1);
    trip(L);
}

void grad_watch_poll(lua_State *L)
{
    if (watch.active && watch.late && !watch.tripped)
        watch.tripped = "seconds";
    if (watch.active && watch.tripped)
        trip(L);
    if (grad_interrupt_flag)
        luaL_error(L, "interrupted");
}

// --- memory ------------------------------------------------------------------

static void *count(void *data, void *block, size_t before, size_t after)
{
    (void)data;
    size_t had = block ? before : 0;
    if (watch.active && after > had &&
        below.used + (after - had) > watch.ceiling) {
        watch.refused = true;
        return NULL;
    }
    void *result = below.function(below.data, block, before, after);
    if (result || after == 0)
        below.used = below.used - had + after;
    return result;
}

static void install_counter(lua_State *L)
{
    if (below.function)
        return;
    below.used =
        (size_t)lua_gc(L, LUA_GCCOUNT) * 1024 + (size_t)lua_gc(L, LUA_GCCOUNTB);
    below.function = lua_getallocf(L, &below.data);
    lua_setallocf(L, count, NULL);
}

// What is live now may stay, `bytes` may come to it.
static void limit_tensors(double bytes)
{
    size_t live = grad_memory_stats().live;
    watch.refusals = grad_memory_limit(live + (size_t)bytes);
}

static bool tensors_refused(void)
{
    return grad_memory_limit(SIZE_MAX) != watch.refusals;
}

// --- the guarded call --------------------------------------------------------

static double limit(lua_State *L, const char *name, double otherwise)
{
    lua_getfield(L, 1, name);
    double value = luaL_optnumber(L, -1, otherwise);
    lua_pop(L, 1);
    return value;
}

static void start_watch(lua_State *L)
{
    install_counter(L);
    double bytes = limit(L, "bytes", 256.0 * 1024 * 1024);
    double tensor_bytes = limit(L, "tensor_bytes", 1024.0 * 1024 * 1024);
    double seconds = limit(L, "seconds", 60);
    watch.left = limit(L, "instructions", 5e8);
    watch.ceiling = below.used + (size_t)bytes;
    watch.tripped = NULL;
    watch.refused = false;
    watch.late = 0;
    watch.active = true;
    limit_tensors(tensor_bytes);
    set_timer(seconds);
}

static const char *reason_of(lua_State *L, int status, bool refused)
{
    if (status == LUA_OK)
        return NULL;
    if (!watch.tripped && watch.late)
        watch.tripped = "seconds"; // a kernel was stopped
    if (watch.tripped)
        return watch.tripped;
    const char *message = lua_tostring(L, -1);
    bool of_tensors = refused && message && strstr(message, "out of memory");
    return (watch.refused && status == LUA_ERRMEM) || of_tensors ? "memory"
                                                                 : NULL;
}

// Stack on return: ok, then the results, or the error and the reason.
static int answer(lua_State *L, int status, const char *reason)
{
    if (status == LUA_OK) {
        lua_pushboolean(L, 1);
        lua_replace(L, 1);
        return lua_gettop(L);
    }
    lua_pushboolean(L, 0);
    lua_insert(L, -2);
    if (reason)
        lua_pushstring(L, reason);
    else
        lua_pushnil(L);
    return 3;
}

// Calls the function `after`, whatever happens, with no hook that could stop
// it in the middle.
static void clean_up(lua_State *L)
{
    lua_Hook hook = lua_gethook(L);
    int mask = lua_gethookmask(L), stride = lua_gethookcount(L);
    lua_sethook(L, NULL, 0, 0);
    lua_pushvalue(L, 2);
    if (lua_pcall(L, 0, 0, 0) != LUA_OK)
        lua_pop(L, 1);
    lua_sethook(L, hook, mask, stride);
}

// Stack: limits, after, function, arguments.
int grad_watch_guard(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checkany(L, 3);
    int arguments = lua_gettop(L) - 3;
    bool outermost = !watch.active;
    lua_Hook hook = lua_gethook(L);
    int mask = lua_gethookmask(L), stride = lua_gethookcount(L);
    if (outermost) {
        start_watch(L);
        lua_sethook(L, look, LUA_MASKCOUNT, STRIDE);
    }
    int status = lua_pcall(L, arguments, LUA_MULTRET, 0);
    if (outermost && status == LUA_OK && watch.tripped) { // caught, and over
        lua_settop(L, 2);
        lua_pushfstring(L, "stopped: the limit of %s is reached",
                        watch.tripped);
        status = LUA_ERRRUN;
    }
    bool stopped = lua_gethook(L) != (outermost ? look : hook);
    if (outermost && !stopped)
        lua_sethook(L, hook, mask, stride);
    const char *reason = NULL;
    if (outermost) {
        reason = reason_of(L, status, tensors_refused());
        watch.active = false;
        end_timer();
    }
    clean_up(L);
    if (stopped && status != LUA_OK) // ^C has put its own hook there
        return lua_error(L);
    lua_remove(L, 2);
    return answer(L, status, reason);
}

int grad_watch_coroutine(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTHREAD);
    lua_State *other = lua_tothread(L, 1);
    if (watch.active && other != L)
        lua_sethook(other, look, LUA_MASKCOUNT, STRIDE);
    return 0;
}

int grad_watch_is_over(lua_State *L)
{
    lua_pushboolean(L, watch.active && (watch.tripped || watch.late));
    return 1;
}
