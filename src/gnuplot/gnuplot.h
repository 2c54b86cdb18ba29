// SPDX-License-Identifier: GPL-3.0-or-later
// A gnuplot that is spoken to without ever hanging: text goes out and replies
// come in through channels that do not block, with a time-out; after each text
// gnuplot is made to print a mark, so that its own complaints are known to
// belong to that text. It is started at the first use, with -d (no start-up
// files), and again after it died or was killed for not answering.
//
// It runs whatever text it is given: quoting is the caller's duty.
#ifndef GRAD_GNUPLOT_GNUPLOT_H
#define GRAD_GNUPLOT_GNUPLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "engine/error.h"

struct grad_gnuplot;

// Asked some 50 times a second while waiting; true: give up waiting.
typedef bool grad_gnuplot_interrupted(void *data);

// NULL when memory is out. `program` is copied; NULL stands for "gnuplot".
struct grad_gnuplot *grad_gnuplot_new(const char *program);

// Ends the process. NULL is fine.
void grad_gnuplot_free(struct grad_gnuplot *g);

void grad_gnuplot_on_wait(struct grad_gnuplot *g, grad_gnuplot_interrupted *f,
                          void *data);

// With `persist`, windows stay when gnuplot ends; for the next start.
void grad_gnuplot_persist(struct grad_gnuplot *g, bool persist);

// Sends `text` and waits at most `seconds` for the mark after it. Returns what
// gnuplot printed (owned by `g`, valid until the next call), or NULL:
//   GRAD_ERROR_FILE         gnuplot does not start, or died
//   GRAD_ERROR_STATE        gnuplot's own error, in its words
//   GRAD_ERROR_CALLBACK     no answer in time; the process was killed
//   GRAD_ERROR_INTERRUPTED  the process goes on with the text by itself
const char *grad_gnuplot_run(struct grad_gnuplot *g, const char *text,
                             size_t length, double seconds,
                             struct grad_error *error);

// Sends `text` without waiting; what does not fit into the channel follows
// with the next grad_gnuplot_busy or grad_gnuplot_run.
bool grad_gnuplot_post(struct grad_gnuplot *g, const char *text, size_t length,
                       struct grad_error *error);

// Sends and reads what is possible without waiting. True while gnuplot has
// not come to the end of all it was sent.
bool grad_gnuplot_busy(struct grad_gnuplot *g);

// What gnuplot printed since the last run or reply.
const char *grad_gnuplot_reply(struct grad_gnuplot *g);

// 0 when there is no process.
pid_t grad_gnuplot_pid(const struct grad_gnuplot *g);

// Processor time it and the programs of its windows have used, in seconds.
double grad_gnuplot_seconds(const struct grad_gnuplot *g);

// Ends the process, gently; windows close unless `persist` was set. The next
// text starts another one.
void grad_gnuplot_end(struct grad_gnuplot *g);

#endif
