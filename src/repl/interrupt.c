// SPDX-License-Identifier: GPL-3.0-or-later
#include "repl/interrupt.h"

#include <errno.h>
#include <lauxlib.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

// Nested coroutine.close beyond this overflows the C stack of Lua 5.4.4.
#define MAX_NESTED_CLOSE 5000

// After the first error every so many instructions another one is raised, for
// code that C functions (load with a reader, for one) have kept running. What
// is to be put in order by __close, a last picture say, needs fewer.
#define INSTRUCTIONS_UNTIL_NEXT 10000000

#define SECONDS_BETWEEN_PRESSES 0.1 // faster ones count as one
#define SECONDS_OF_GRACE        0.5 // no press quits before

static struct grad_interrupt_hooks callbacks;
static pthread_t main_thread;
static lua_State *volatile running; // state that executes now
static volatile sig_atomic_t depth; // of grad_interrupt_call
static volatile sig_atomic_t stopping;
static volatile sig_atomic_t idle_press;
static volatile sig_atomic_t termination;
static volatile sig_atomic_t presses;
static volatile double first_press, last_press;
static bool happened;
static struct termios terminal_at_start;
static bool has_terminal;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void say(const char *text)
{
    ssize_t written = write(STDERR_FILENO, text, strlen(text));
    (void)written;
}

static void leave_now(int code)
{
    if (has_terminal)
        tcsetattr(STDIN_FILENO, TCSANOW, &terminal_at_start);
    say("\n");
    _exit(code);
}

static int raise_stop(lua_State *L)
{
    lua_pushliteral(L, "interrupted");
    return lua_error(L);
}

// In a state that an error left from inside a hook Lua calls no hook any more:
// what its pending __close functions do could not be stopped. Such coroutines
// are remembered, as weak keys, and never closed.

static const char stopped_key = 0;

static void push_stopped(lua_State *L)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &stopped_key) == LUA_TTABLE)
        return;
    lua_pop(L, 1);
    lua_newtable(L);
    lua_newtable(L);
    lua_pushliteral(L, "k");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &stopped_key);
}

static void remember_stopped(lua_State *L)
{
    if (!lua_checkstack(L, 5))
        return;
    push_stopped(L);
    lua_pushthread(L);
    lua_pushboolean(L, 1);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

static bool was_stopped(lua_State *L, int index)
{
    lua_pushvalue(L, index);
    push_stopped(L);
    lua_insert(L, -2);
    bool was = lua_rawget(L, -2) != LUA_TNIL;
    lua_pop(L, 2);
    return was;
}

static void stop_hook(lua_State *L, lua_Debug *ar)
{
    if (!stopping) {
        lua_sethook(L, NULL, 0, 0);
        return;
    }
    lua_sethook(L, stop_hook, LUA_MASKCOUNT, INSTRUCTIONS_UNTIL_NEXT);
    remember_stopped(L);
    raise_stop(L);
}

static void arm(lua_State *L)
{
    lua_sethook(L, stop_hook, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1);
}

static void set_alarm(double seconds)
{
    struct itimerval timer = {{0, 0}, {0, 0}};
    timer.it_value.tv_sec = (time_t)seconds;
    timer.it_value.tv_usec = (suseconds_t)(1e6 * (seconds - (int)seconds));
    setitimer(ITIMER_REAL, &timer, NULL);
}

static void stop_running(void)
{
    stopping = 1;
    if (callbacks.on_interrupt)
        callbacks.on_interrupt();
    if (running)
        arm(running);
}

static void explain(void)
{
    say("\nStill inside one C function (a sort, a finaliser, a large file), "
        "which Ctrl-C\ncannot stop. Wait, or press it once more to quit "
        "gradus.\n");
}

// Quits half a second after the first press at the earliest, since kernels may
// take that long to notice.
static void quit_soon(double time)
{
    double left = first_press + SECONDS_OF_GRACE - time;
    if (left > 0)
        set_alarm(left);
    else
        leave_now(130);
}

static void count_press(void)
{
    double time = now();
    if (presses > 0 && time - last_press < SECONDS_BETWEEN_PRESSES)
        return;
    last_press = time;
    if (++presses == 1)
        first_press = time;
    else if (presses == 2)
        explain();
    else
        quit_soon(time);
}

static bool sent_on(int signal)
{
    if (pthread_equal(pthread_self(), main_thread))
        return false;
    pthread_kill(main_thread, signal);
    return true;
}

static void on_sigint(int signal)
{
    int saved = errno;
    if (sent_on(signal))
        return;
    if (depth == 0) {
        idle_press = 1;
    } else {
        stop_running();
        count_press();
    }
    errno = saved;
}

static void on_alarm(int signal)
{
    if (sent_on(signal))
        return;
    if (termination)
        leave_now(128 + termination);
    if (stopping && presses > 2)
        leave_now(130);
}

static void on_termination(int signal)
{
    int saved = errno;
    if (sent_on(signal))
        return;
    termination = signal;
    if (depth > 0) {
        stop_running();
        set_alarm(1.0);
    }
    errno = saved;
}

static void handle(int signal, void (*handler)(int))
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, NULL);
}

// One ppoll of grad_interrupt_wait, for `left` seconds at most; `open` is let
// in meanwhile.
static bool wait_once(int fd, double left, const sigset_t *open)
{
    struct pollfd wanted = {.fd = fd, .events = POLLIN};
    struct timespec limit = {(time_t)left, (long)(1e9 * (left - floor(left)))};
    return ppoll(&wanted, 1, left < 0 ? NULL : &limit, open) > 0;
}

bool grad_interrupt_wait(int fd, double seconds)
{
    bool ready = false;
    double left = seconds, start = now();
    sigset_t ours, open;
    sigemptyset(&ours);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGTERM);
    sigaddset(&ours, SIGHUP);
    sigprocmask(SIG_BLOCK, &ours, &open);
    while (!ready && !stopping && !idle_press && !termination) {
        ready = wait_once(fd, left, &open);
        if (seconds < 0)
            continue;
        left = seconds - (now() - start);
        if (left <= 0)
            break;
    }
    sigprocmask(SIG_SETMASK, &open, NULL);
    return ready;
}

void grad_interrupt_catch_termination(void)
{
    struct sigaction old;
    handle(SIGTERM, on_termination);
    sigaction(SIGHUP, NULL, &old);
    if (old.sa_handler != SIG_IGN)
        handle(SIGHUP, on_termination);
}

int grad_interrupt_termination(void)
{
    return termination;
}

bool grad_interrupt_happened(void)
{
    return happened;
}

bool grad_interrupt_take_idle(void)
{
    bool pressed = idle_press;
    idle_press = 0;
    return pressed;
}

// The outermost call begins and ends here.

static void begin(lua_State *L)
{
    running = L;
    presses = 0;
    happened = false;
    if (callbacks.clear)
        callbacks.clear();
    depth = 1;
    if (!idle_press)
        return;
    idle_press = 0; // pressed after the line was entered, before it runs
    stop_running();
    count_press();
}

static void end(lua_State *L)
{
    depth = 0;
    happened = stopping;
    if (stopping) {
        stopping = 0;
        if (!termination)
            set_alarm(0);
        lua_sethook(L, NULL, 0, 0);
    }
    running = NULL;
    if (callbacks.clear)
        callbacks.clear();
}

int grad_interrupt_aside(lua_State *L, int nargs, int nresults)
{
    lua_State *outer = running;
    sig_atomic_t outer_depth = depth;
    depth = 0;
    running = NULL;
    int status = lua_pcall(L, nargs, nresults, 0);
    idle_press = 0; // belongs to what is over
    presses = 0;
    running = outer;
    depth = outer_depth;
    if (termination && depth > 0)
        stop_running();
    return status;
}

int grad_interrupt_call(lua_State *L, int nargs, int nresults, int handler)
{
    if (depth > 0) {
        int status = lua_pcall(L, nargs, nresults, handler);
        return stopping ? raise_stop(L) : status;
    }
    int base = lua_gettop(L) - nargs - 1;
    begin(L);
    int status = lua_pcall(L, nargs, nresults, handler);
    end(L);
    if (happened) {
        lua_settop(L, base);
        lua_pushliteral(L, "interrupted");
        status = LUA_ERRRUN;
    }
    return status;
}

// pcall and xpcall, which do not hold a stop.

static int finish_pcall(lua_State *L, int status, lua_KContext extra)
{
    if (status == LUA_OK || status == LUA_YIELD)
        return lua_gettop(L) - (int)extra;
    if (stopping)
        return raise_stop(L);
    lua_pushboolean(L, 0);
    lua_pushvalue(L, -2);
    return 2;
}

static int safe_pcall(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_pushboolean(L, 1);
    lua_insert(L, 1); // true, function, arguments
    int status =
        lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, finish_pcall);
    return finish_pcall(L, status, 0);
}

// The handler of an xpcall, upvalue 1, which does not hear of a stop: it would
// run inside of the hook, where nothing could stop it.
static int handle_error(lua_State *L)
{
    if (stopping)
        return 1;
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 1);
    return 1;
}

static int safe_xpcall(lua_State *L)
{
    int n = lua_gettop(L);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, handle_error, 1);
    lua_replace(L, 2);
    lua_pushboolean(L, 1);
    lua_pushvalue(L, 1);
    lua_rotate(L, 3, 2); // function, handler, true, function, arguments
    int status = lua_pcallk(L, n - 2, LUA_MULTRET, 2, 2, finish_pcall);
    return finish_pcall(L, status, 2);
}

// Coroutines: `running` follows them, and a stop passes through them.

static lua_State *enter(lua_State *co)
{
    lua_State *before = running;
    running = co;
    if (stopping)
        arm(co);
    return before;
}

static void leave(lua_State *L, lua_State *before)
{
    running = before;
    if (stopping && before)
        arm(before);
}

static lua_State *get_coroutine(lua_State *L)
{
    lua_State *co = lua_tothread(L, 1);
    luaL_argexpected(L, co, 1, "coroutine");
    return co;
}

// Moves `n` arguments to co, runs it and moves the results (their number is
// returned) or one error message (-1) back.
static int resume(lua_State *L, lua_State *co, int n)
{
    if (!lua_checkstack(co, n)) {
        lua_pushliteral(L, "too many arguments to resume");
        return -1;
    }
    int results = 0;
    lua_xmove(L, co, n);
    lua_State *before = enter(co);
    int status = lua_resume(co, L, n, &results);
    leave(L, before);
    if (status != LUA_OK && status != LUA_YIELD) {
        lua_xmove(co, L, 1);
        return -1;
    }
    if (!lua_checkstack(L, results + 1)) {
        lua_pop(co, results);
        lua_pushliteral(L, "too many results to resume");
        return -1;
    }
    lua_xmove(co, L, results);
    return results;
}

static int safe_resume(lua_State *L)
{
    lua_State *co = get_coroutine(L);
    int results = resume(L, co, lua_gettop(L) - 1);
    if (results < 0 && stopping)
        return raise_stop(L);
    lua_pushboolean(L, results >= 0);
    lua_insert(L, results < 0 ? -2 : -(results + 1));
    return results < 0 ? 2 : results + 1;
}

static int call_wrapped(lua_State *L)
{
    lua_State *co = lua_tothread(L, lua_upvalueindex(1));
    int results = resume(L, co, lua_gettop(L));
    if (results >= 0)
        return results;
    int status = lua_status(co);
    if (!stopping && status != LUA_OK && status != LUA_YIELD) {
        lua_State *before = enter(co);
        if (lua_resetthread(co) != LUA_OK)
            lua_xmove(co, L, 1);
        leave(L, before);
    }
    if (stopping)
        return raise_stop(L);
    if (lua_type(L, -1) == LUA_TSTRING) {
        luaL_where(L, 1);
        lua_insert(L, -2);
        lua_concat(L, 2);
    }
    return lua_error(L);
}

static int safe_wrap(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_State *co = lua_newthread(L);
    lua_pushvalue(L, 1);
    lua_xmove(L, co, 1);
    lua_pushcclosure(L, call_wrapped, 1);
    return 1;
}

// Upvalue 1 is Lua's own coroutine.close, which checks and does the work.
static int safe_close(lua_State *L)
{
    static int nested;
    lua_State *co = get_coroutine(L);
    if (nested >= MAX_NESTED_CLOSE)
        return luaL_error(L, "too many nested coroutine.close");
    if (stopping)
        return raise_stop(L);
    if (was_stopped(L, 1)) {
        lua_pushboolean(L, 0);
        lua_pushliteral(L, "interrupted");
        return 2;
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_State *before = enter(co);
    nested++;
    int status = lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0);
    nested--;
    leave(L, before);
    if (stopping)
        return raise_stop(L);
    return status == LUA_OK ? lua_gettop(L) : lua_error(L);
}

// load keeps an error of its reader. Upvalue 1 is Lua's own.
static int safe_load(lua_State *L)
{
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return stopping ? raise_stop(L) : lua_gettop(L);
}

static void replace_functions(lua_State *L)
{
    lua_getglobal(L, "load");
    lua_pushcclosure(L, safe_load, 1);
    lua_setglobal(L, "load");
    lua_register(L, "pcall", safe_pcall);
    lua_register(L, "xpcall", safe_xpcall);
    lua_getglobal(L, "coroutine");
    lua_pushcfunction(L, safe_resume);
    lua_setfield(L, -2, "resume");
    lua_pushcfunction(L, safe_wrap);
    lua_setfield(L, -2, "wrap");
    lua_getfield(L, -1, "close");
    lua_pushcclosure(L, safe_close, 1);
    lua_setfield(L, -2, "close");
    lua_pop(L, 1);
}

void grad_interrupt_install(lua_State *L,
                            const struct grad_interrupt_hooks *hooks)
{
    if (hooks)
        callbacks = *hooks;
    main_thread = pthread_self();
    has_terminal = tcgetattr(STDIN_FILENO, &terminal_at_start) == 0;
    replace_functions(L);
    handle(SIGINT, on_sigint);
    handle(SIGALRM, on_alarm);
}
