// SPDX-License-Identifier: GPL-3.0-or-later
#include "gnuplot/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

// The ends of both channels: [0] is the child's input, [1] our sending end;
// [2] our reading end, [3] the child's output.
struct channels {
    int end[4];
};

static void close_channels(struct channels *c)
{
    for (int i = 0; i < 4; i++)
        if (c->end[i] >= 0)
            close(c->end[i]);
}

// A socket for the input, since send() can be told not to raise SIGPIPE.
static bool open_channels(struct channels *c)
{
    for (int i = 0; i < 4; i++)
        c->end[i] = -1;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, &c->end[0]) != 0 ||
        pipe2(&c->end[2], O_CLOEXEC) != 0) {
        close_channels(c);
        return false;
    }
    fcntl(c->end[1], F_SETFL, O_NONBLOCK);
    fcntl(c->end[2], F_SETFL, O_NONBLOCK);
    return true;
}

// What gnuplot is not to see: a locale, and a terminal that it may lack, after
// which it reads no data.
static bool is_hidden(const char *variable)
{
    return !strncmp(variable, "LC_ALL=", 7) ||
           !strncmp(variable, "GNUTERM=", 8);
}

// A copy of our environment in which gnuplot reads UTF-8, and numbers with a
// point; the caller frees it. NULL without memory.
static char **child_environment(void)
{
    size_t n = 0, kept = 0;
    while (environ[n])
        n++;
    char **copy = malloc((n + 2) * sizeof *copy);
    if (!copy)
        return NULL;
    for (size_t i = 0; i < n; i++)
        if (!is_hidden(environ[i]))
            copy[kept++] = environ[i];
    copy[kept++] = "LC_ALL=C.UTF-8";
    copy[kept] = NULL;
    return copy;
}

// Why a program cannot be run, as errno has it, or 0. posix_spawnp would tell,
// but not under every emulator: there the child starts and dies.
static int lack_of(const char *program)
{
    const char *path = getenv("PATH");
    int why = ENOENT;
    if (strchr(program, '/'))
        return access(program, X_OK) ? errno : 0;
    if (!path)
        return 0;
    for (const char *end; *path; path = *end ? end + 1 : end) {
        char file[4096];
        end = strchr(path, ':');
        if (!end)
            end = path + strlen(path);
        snprintf(file, sizeof file, "%.*s/%s", (int)(end - path), path,
                 program);
        if (!access(file, X_OK))
            return 0;
        if (errno == EACCES)
            why = EACCES;
    }
    return why;
}

// Own process group, all signals at their defaults and none blocked.
static int spawn(pid_t *pid, char *const argv[], const struct channels *c)
{
    char **environment = child_environment();
    if (!environment)
        return ENOMEM;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP |
                                              POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, c->end[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, c->end[3], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, c->end[3], STDERR_FILENO);
    int failed =
        posix_spawnp(pid, argv[0], &actions, &attributes, argv, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    free(environment);
    return failed;
}

bool grad_process_start(struct grad_process *child, char *const argv[],
                        struct grad_error *error)
{
    struct channels c;
    *child = (struct grad_process){.input = -1, .output = -1};
    if (!open_channels(&c))
        return grad_fail(error, GRAD_ERROR_FILE, "no pipe for %s: %s", argv[0],
                         strerror(errno));
    int failed = lack_of(argv[0]);
    if (!failed)
        failed = spawn(&child->pid, argv, &c);
    if (failed) {
        close_channels(&c);
        child->pid = 0;
        return grad_fail(error, GRAD_ERROR_FILE, "%s does not start: %s",
                         argv[0], strerror(failed));
    }
    close(c.end[0]);
    close(c.end[3]);
    child->input = c.end[1];
    child->output = c.end[2];
    return true;
}

ssize_t grad_process_send(struct grad_process *child, const char *bytes,
                          size_t size)
{
    ssize_t n = send(child->input, bytes, size, MSG_NOSIGNAL);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    return n;
}

ssize_t grad_process_read(struct grad_process *child, char *bytes, size_t size)
{
    ssize_t n = read(child->output, bytes, size);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    return n > 0 ? n : -1;
}

bool grad_process_wait(struct grad_process *child, bool sending,
                       int milliseconds)
{
    struct pollfd fds[2] = {{.fd = child->output, .events = POLLIN},
                            {.fd = child->input, .events = POLLOUT}};
    return poll(fds, sending ? 2 : 1, milliseconds) > 0;
}

static double seconds_of(pid_t pid)
{
    clockid_t clock;
    struct timespec t;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &t) != 0)
        return 0;
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double grad_process_seconds(const struct grad_process *child)
{
    char path[64];
    int pid;
    if (child->pid == 0)
        return 0;
    double sum = seconds_of(child->pid);
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)child->pid,
             (int)child->pid);
    FILE *list = fopen(path, "re");
    while (list && fscanf(list, "%d", &pid) == 1)
        sum += seconds_of(pid);
    if (list)
        fclose(list);
    return sum;
}

// Waits for the child in short naps; true when it is gone.
static bool reap(pid_t pid, int milliseconds)
{
    const struct timespec nap = {0, 2000000};
    for (int waited = 0;; waited += 2) {
        pid_t got = waitpid(pid, NULL, WNOHANG);
        if (got == pid || (got < 0 && errno == ECHILD))
            return true;
        if (waited >= milliseconds)
            return false;
        nanosleep(&nap, NULL);
    }
}

void grad_process_end(struct grad_process *child, int grace)
{
    if (child->pid == 0)
        return;
    close(child->input);
    close(child->output);
    if (!reap(child->pid, grace)) {
        kill(-child->pid, SIGKILL);
        while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    *child = (struct grad_process){.input = -1, .output = -1};
}
