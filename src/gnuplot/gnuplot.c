// SPDX-License-Identifier: GPL-3.0-or-later
#include "gnuplot/gnuplot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "gnuplot/process.h"
#include "gnuplot/text.h"

// A chatty gnuplot cannot fill the memory: older replies are dropped.
enum { SLICE_MS = 20, LARGEST_REPLY = 1 << 20 };

struct grad_gnuplot {
    char *program;
    bool persist;
    struct grad_process child;
    grad_gnuplot_interrupted *interrupted;
    void *data;
    char mark[32];           // begins every mark line; not to be guessed
    unsigned long sent, got; // marks asked for, marks seen
    struct grad_text queue;  // not sent yet
    struct grad_text line;   // an unfinished line of the reply
    struct grad_text reply;
    char message[512]; // GPVAL_ERRMSG of the latest failed text, or empty
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

struct grad_gnuplot *grad_gnuplot_new(const char *program)
{
    struct grad_gnuplot *g = calloc(1, sizeof *g);
    if (!g)
        return NULL;
    g->program = strdup(program ? program : "gnuplot");
    if (!g->program) {
        free(g);
        return NULL;
    }
    return g;
}

void grad_gnuplot_free(struct grad_gnuplot *g)
{
    if (!g)
        return;
    grad_gnuplot_end(g);
    grad_text_free(&g->queue);
    grad_text_free(&g->line);
    grad_text_free(&g->reply);
    free(g->program);
    free(g);
}

void grad_gnuplot_on_wait(struct grad_gnuplot *g, grad_gnuplot_interrupted *f,
                          void *data)
{
    g->interrupted = f;
    g->data = data;
}

void grad_gnuplot_persist(struct grad_gnuplot *g, bool persist)
{
    g->persist = persist;
}

pid_t grad_gnuplot_pid(const struct grad_gnuplot *g)
{
    return g->child.pid;
}

double grad_gnuplot_seconds(const struct grad_gnuplot *g)
{
    return grad_process_seconds(&g->child);
}

const char *grad_gnuplot_reply(struct grad_gnuplot *g)
{
    return g->reply.bytes ? g->reply.bytes : "";
}

// Forgets what the process that is gone was asked and had said.
static void forget(struct grad_gnuplot *g)
{
    grad_text_clear(&g->queue);
    grad_text_clear(&g->line);
    g->got = g->sent;
}

static void drop_process(struct grad_gnuplot *g, int grace)
{
    grad_process_end(&g->child, grace);
    forget(g);
}

void grad_gnuplot_end(struct grad_gnuplot *g)
{
    drop_process(g, 500);
}

// The terminal is `unknown` until a text sets one: with no display the Qt
// build would else choose its window and block for half a minute.
static bool start(struct grad_gnuplot *g, struct grad_error *error)
{
    static const char first[] = "set terminal unknown\n";
    char flag[] = "-d", stay[] = "-persist", input[] = "-";
    char *argv[] = {g->program, flag, g->persist ? stay : input,
                    g->persist ? input : NULL, NULL};
    unsigned long long nonce = 0;
    if (getrandom(&nonce, sizeof nonce, 0) != sizeof nonce)
        nonce = (unsigned long long)(now() * 1e9);
    snprintf(g->mark, sizeof g->mark, "mark-%016llx", nonce);
    if (!grad_process_start(&g->child, argv, error))
        return false;
    return grad_text_add(&g->queue, first, sizeof first - 1) ||
           grad_fail_memory(error, sizeof first);
}

// A line of the reply is a mark, "mark-... NUMBER ERRNO MESSAGE", or text.
static void take_line(struct grad_gnuplot *g, char *line, size_t size)
{
    size_t length = strlen(g->mark);
    if (size < length || memcmp(line, g->mark, length) != 0) {
        if (g->reply.size + size > LARGEST_REPLY)
            grad_text_clear(&g->reply);
        grad_text_add(&g->reply, line, size);
        return;
    }
    char *rest;
    line[size - 1] = '\0';
    g->got = strtoul(line + length, &rest, 10);
    if (strtol(rest, &rest, 10) == 0 || g->got != g->sent)
        return; // no error, or one of an older text
    rest += strspn(rest, " ");
    snprintf(g->message, sizeof g->message, "%s",
             *rest ? rest : "it gives no reason");
}

static void take_lines(struct grad_gnuplot *g)
{
    char *end;
    while (g->line.size > 0 &&
           (end = memchr(g->line.bytes, '\n', g->line.size)) != NULL) {
        size_t size = (size_t)(end - g->line.bytes) + 1;
        take_line(g, g->line.bytes, size);
        grad_text_drop(&g->line, size);
    }
    if (g->line.size > LARGEST_REPLY)
        grad_text_clear(&g->line);
}

// Sends and reads what is possible now. False when the process is gone.
static bool pump(struct grad_gnuplot *g)
{
    char bytes[4096];
    ssize_t n = 0;
    while (g->queue.size > 0 &&
           (n = grad_process_send(&g->child, g->queue.bytes, g->queue.size)) >
               0)
        grad_text_drop(&g->queue, (size_t)n);
    bool alive = n >= 0;
    while ((n = grad_process_read(&g->child, bytes, sizeof bytes)) > 0) {
        grad_text_add(&g->line, bytes, (size_t)n);
        take_lines(g);
    }
    return alive && n >= 0;
}

bool grad_gnuplot_busy(struct grad_gnuplot *g)
{
    if (g->child.pid != 0 && !pump(g))
        drop_process(g, 200);
    return g->got != g->sent;
}

static bool queue_text(struct grad_gnuplot *g, const char *text, size_t length,
                       struct grad_error *error)
{
    char tail[160];
    int n = snprintf(tail, sizeof tail,
                     "\nprint '%s %lu ', GPVAL_ERRNO, ' ', GPVAL_ERRMSG\n",
                     g->mark, g->sent + 1);
    if (!grad_text_add(&g->queue, "reset errors\n", 13) ||
        !grad_text_add(&g->queue, text, length) ||
        !grad_text_add(&g->queue, tail, (size_t)n)) {
        drop_process(g, 0);
        return grad_fail_memory(error, length);
    }
    g->sent++;
    return true;
}

bool grad_gnuplot_post(struct grad_gnuplot *g, const char *text, size_t length,
                       struct grad_error *error)
{
    if (memchr(text, '\0', length))
        return grad_fail(error, GRAD_ERROR_ARGUMENT,
                         "gnuplot: the text has a zero byte in it");
    grad_text_clear(&g->reply);
    g->message[0] = '\0';
    if (g->child.pid != 0 && !pump(g))
        drop_process(g, 200);
    if (g->child.pid == 0 && !start(g, error))
        return false;
    if (!queue_text(g, text, length, error))
        return false;
    grad_gnuplot_busy(g);
    return true;
}

static bool fail_dead(struct grad_gnuplot *g, struct grad_error *error)
{
    drop_process(g, 200);
    return grad_fail(error, GRAD_ERROR_FILE,
                     "gnuplot ended unexpectedly%s%.400s. It is started again "
                     "for the next picture",
                     *grad_gnuplot_reply(g) ? ": " : "", grad_gnuplot_reply(g));
}

static bool fail_late(struct grad_gnuplot *g, double seconds,
                      struct grad_error *error)
{
    drop_process(g, 0);
    return grad_fail(error, GRAD_ERROR_CALLBACK,
                     "gnuplot did not answer within %g seconds and was ended. "
                     "It is started again for the next picture",
                     seconds);
}

// Waits until all that was sent is done.
static bool settle(struct grad_gnuplot *g, double seconds,
                   struct grad_error *error)
{
    double end = now() + seconds;
    while (g->child.pid != 0 && pump(g)) {
        if (g->got == g->sent)
            return true;
        if (g->interrupted && g->interrupted(g->data))
            return grad_fail(error, GRAD_ERROR_INTERRUPTED, "interrupted");
        if (now() > end)
            return fail_late(g, seconds, error);
        grad_process_wait(&g->child, g->queue.size > 0, SLICE_MS);
    }
    if (g->child.pid != 0 && g->got == g->sent)
        return true; // it answered and then ended
    return fail_dead(g, error);
}

const char *grad_gnuplot_run(struct grad_gnuplot *g, const char *text,
                             size_t length, double seconds,
                             struct grad_error *error)
{
    if (!grad_gnuplot_post(g, text, length, error) ||
        !settle(g, seconds, error))
        return NULL;
    if (g->message[0]) {
        grad_fail(error, GRAD_ERROR_STATE, "gnuplot: %s", g->message);
        return NULL;
    }
    return grad_gnuplot_reply(g);
}
