// SPDX-License-Identifier: GPL-3.0-or-later
#include "repl/input.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

#include "repl/interrupt.h"

#define PASTE_BEGIN "\033[200~"
#define PASTE_END   "\033[201~"
#define MARK_LENGTH 6

// How long a cancelled paste may pause before its rest counts as typed.
#define PASTE_SILENCE_MS 300

static unsigned char buffer[1 << 16];
static size_t first, count; // unread bytes are buffer[first .. first+count)
static enum grad_input_event last_event;
static sigset_t outside, blocked;
static volatile sig_atomic_t resized, stopped;
static void (*on_suspend)(void);
static struct sigaction stop_outside;
static char tail[MARK_LENGTH]; // the last bytes read, to find paste marks
static bool pasting;
static bool reads_at_once; // the terminal is told not to let `read` wait

static void on_winch(int signal)
{
    resized = 1;
}

static void on_stop(int signal)
{
    stopped = 1;
}

static void catch_signals(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_winch;
    sigaction(SIGWINCH, &action, NULL);
    action.sa_handler = on_stop;
    sigaction(SIGTSTP, &action, &stop_outside);
    if (stop_outside.sa_handler == SIG_IGN)
        sigaction(SIGTSTP, &stop_outside, NULL);
}

void grad_input_begin(void (*suspend)(void))
{
    on_suspend = suspend;
    catch_signals();
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGINT);
    sigaddset(&blocked, SIGTERM);
    sigaddset(&blocked, SIGHUP);
    sigaddset(&blocked, SIGWINCH);
    sigaddset(&blocked, SIGTSTP);
    sigprocmask(SIG_BLOCK, &blocked, &outside);
    last_event = GRAD_INPUT_BYTES;
}

void grad_input_end(void)
{
    sigaction(SIGTSTP, &stop_outside, NULL);
    sigprocmask(SIG_SETMASK, &outside, NULL);
}

void grad_input_prepare(void)
{
    struct termios keys;
    reads_at_once = false;
    if (tcgetattr(STDIN_FILENO, &keys) != 0)
        return;
    keys.c_cc[VMIN] = 0;
    keys.c_cc[VTIME] = 0;
    reads_at_once = tcsetattr(STDIN_FILENO, TCSADRAIN, &keys) == 0;
}

static bool take_resize(void)
{
    bool was = resized;
    resized = 0;
    return was;
}

static void follow_paste(const unsigned char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        memmove(tail, tail + 1, MARK_LENGTH - 1);
        tail[MARK_LENGTH - 1] = (char)bytes[i];
        if (!memcmp(tail, PASTE_BEGIN, MARK_LENGTH))
            pasting = true;
        else if (!memcmp(tail, PASTE_END, MARK_LENGTH))
            pasting = false;
    }
}

static bool hung_up(void)
{
    struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&fd, 1, 0) > 0 && (fd.revents & (POLLHUP | POLLERR));
}

// Ctrl-C drops what the terminal holds: there may be nothing to read though
// pselect has seen something.
static enum grad_input_event fill(void)
{
    ssize_t n = read(STDIN_FILENO, buffer, sizeof buffer);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return GRAD_INPUT_RESIZE; // look again
    if (n == 0 && reads_at_once && !hung_up())
        return GRAD_INPUT_RESIZE;
    if (n <= 0)
        return GRAD_INPUT_HANGUP;
    first = 0;
    count = (size_t)n;
    follow_paste(buffer, count);
    return GRAD_INPUT_BYTES;
}

// Waits for bytes or a signal. A pselect that has found bytes leaves signals
// pending; they are let in then, since a Ctrl-C came before those bytes: what
// stood before it the terminal has dropped.
static bool wait_for_bytes(void)
{
    sigset_t open = outside;
    sigdelset(&open, SIGINT);
    sigdelset(&open, SIGTERM);
    sigdelset(&open, SIGHUP);
    sigdelset(&open, SIGWINCH);
    sigdelset(&open, SIGTSTP);
    fd_set set;
    FD_ZERO(&set);
    FD_SET(STDIN_FILENO, &set);
    int ready = pselect(STDIN_FILENO + 1, &set, NULL, NULL, NULL, &open);
    sigprocmask(SIG_SETMASK, &open, NULL);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    return ready > 0;
}

enum grad_input_event grad_input_wait(void)
{
    if (count > 0)
        return GRAD_INPUT_BYTES;
    if (grad_interrupt_take_idle()) // pressed before the prompt was there
        return GRAD_INPUT_INTERRUPT;
    bool ready = wait_for_bytes();
    if (grad_interrupt_termination())
        return GRAD_INPUT_TERMINATION;
    if (grad_interrupt_take_idle())
        return GRAD_INPUT_INTERRUPT;
    if (stopped) {
        stopped = 0;
        on_suspend();
        return GRAD_INPUT_RESIZE; // draw the line again
    }
    if (take_resize() || !ready)
        return GRAD_INPUT_RESIZE;
    return fill();
}

// Where a paste breaks off, Readline 8.2 goes on with a text that has no end:
// it is given the mark it waits for. `pasting` stays, for what still comes.
static void end_paste(void)
{
    memcpy(buffer, PASTE_END, MARK_LENGTH);
    first = 0;
    count = MARK_LENGTH;
}

int grad_input_getc(FILE *stream)
{
    enum grad_input_event event;
    do
        event = grad_input_wait();
    while (event == GRAD_INPUT_RESIZE);
    if (event != GRAD_INPUT_BYTES) {
        last_event = event;
        if (!pasting)
            return EOF;
        end_paste();
    }
    count--;
    return buffer[first++];
}

enum grad_input_event grad_input_take_event(void)
{
    enum grad_input_event event = last_event;
    last_event = GRAD_INPUT_BYTES;
    return event;
}

static bool readable(int milliseconds)
{
    struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&fd, 1, milliseconds) > 0;
}

int grad_input_available(void)
{
    return count > 0 || readable(0);
}

bool grad_input_pending(void)
{
    if (count == 0 && readable(0))
        fill();
    for (size_t i = 0; i < count; i++)
        if (buffer[first + i] != '\t')
            return true;
    return false;
}

void grad_input_discard(void)
{
    count = 0;
    while (pasting && readable(PASTE_SILENCE_MS))
        if (fill() == GRAD_INPUT_HANGUP)
            break;
    count = 0;
    pasting = false;
}
