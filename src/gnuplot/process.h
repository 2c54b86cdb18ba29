// SPDX-License-Identifier: GPL-3.0-or-later
// One child program with a channel to write to and one that brings back all
// it prints. Both ends here never block and are closed on exec. The child has
// a process group of its own, so that Ctrl-C at the terminal does not reach
// it, and default signals.
#ifndef GRAD_GNUPLOT_PROCESS_H
#define GRAD_GNUPLOT_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "engine/error.h"

struct grad_process {
    pid_t pid;  // 0: no child
    int input;  // a socket: what is sent is the child's standard input
    int output; // a pipe: the child's standard output and standard error
};

// Starts argv[0], looked up in PATH. False when there is no such program.
bool grad_process_start(struct grad_process *child, char *const argv[],
                        struct grad_error *error);

// Sends what the channel takes now: the bytes taken, 0 if it is full, -1 when
// the child is gone. Never raises SIGPIPE.
ssize_t grad_process_send(struct grad_process *child, const char *bytes,
                          size_t size);

// Reads what is there: the bytes read, 0 if there are none now, -1 at the end.
ssize_t grad_process_read(struct grad_process *child, char *bytes, size_t size);

// Waits until output can be read (or, if `sending`, input sent), at most
// `milliseconds`; false on a signal or when the time is up.
bool grad_process_wait(struct grad_process *child, bool sending,
                       int milliseconds);

// Processor time, in seconds, that the child has used and those that it
// started (a window's program) and that still run; 0 without a child.
double grad_process_seconds(const struct grad_process *child);

// Closes the channels, gives the child `grace` milliseconds to end by itself,
// kills its group otherwise, and waits for it: no zombie stays. Does nothing
// without a child.
void grad_process_end(struct grad_process *child, int grace);

#endif
