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

#include "repl/passing.h"
#include "repl/stop.h"

#define SECONDS_BETWEEN_PRESSES 0.1 // faster ones count as one
#define SECONDS_OF_GRACE        0.5 // no press quits before

static struct grad_interrupt_hooks callbacks;
static pthread_t main_thread;
static volatile sig_atomic_t depth; // of grad_interrupt_call
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

static void set_alarm(double seconds)
{
    struct itimerval timer = {{0, 0}, {0, 0}};
    timer.it_value.tv_sec = (time_t)seconds;
    timer.it_value.tv_usec = (suseconds_t)(1e6 * (seconds - (int)seconds));
    setitimer(ITIMER_REAL, &timer, NULL);
}

static void stop_running(void)
{
    if (callbacks.on_interrupt)
        callbacks.on_interrupt();
    grad_stop_now();
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
    if (grad_stop_is_on() && presses > 2)
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
    while (!ready && !grad_stop_is_on() && !idle_press && !termination) {
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
    grad_stop_set_running(L);
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
    happened = grad_stop_end(L);
    if (happened && !termination)
        set_alarm(0);
    if (callbacks.clear)
        callbacks.clear();
}

int grad_interrupt_aside(lua_State *L, int nargs, int nresults)
{
    sig_atomic_t outer_depth = depth;
    depth = 0; // first: from here on a press is an idle one
    lua_State *outer = grad_stop_set_running(NULL);
    int status = lua_pcall(L, nargs, nresults, 0);
    idle_press = 0; // belongs to what is over
    presses = 0;
    grad_stop_set_running(outer);
    depth = outer_depth;
    if (termination && depth > 0)
        stop_running();
    return status;
}

int grad_interrupt_call(lua_State *L, int nargs, int nresults, int handler)
{
    if (depth > 0) {
        int status = lua_pcall(L, nargs, nresults, handler);
        return grad_stop_is_on() ? grad_stop_raise(L) : status;
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

void grad_interrupt_install(lua_State *L,
                            const struct grad_interrupt_hooks *hooks)
{
    if (hooks)
        callbacks = *hooks;
    main_thread = pthread_self();
    has_terminal = tcgetattr(STDIN_FILENO, &terminal_at_start) == 0;
    grad_passing_install(L);
    handle(SIGINT, on_sigint);
    handle(SIGALRM, on_alarm);
}
