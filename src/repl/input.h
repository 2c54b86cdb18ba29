// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes from the terminal for Readline: waits with signals let in, reads in
// large pieces so that a paste is fast, and follows bracketed pastes.
#ifndef GRAD_REPL_INPUT_H
#define GRAD_REPL_INPUT_H

#include <stdbool.h>
#include <stdio.h>

enum grad_input_event {
    GRAD_INPUT_BYTES,       // there is something to read
    GRAD_INPUT_INTERRUPT,   // Ctrl-C
    GRAD_INPUT_TERMINATION, // SIGTERM or SIGHUP
    GRAD_INPUT_RESIZE,      // the window has another size
    GRAD_INPUT_HANGUP       // the terminal is gone
};

// Blocks the signals that are let in while waiting; undone by _end. `suspend`
// is called for Ctrl-Z and returns when the program goes on.
void grad_input_begin(void (*suspend)(void));
void grad_input_end(void);

// To be called when the terminal has been prepared for keys: `read` gives what
// is there rather than wait, with the signals blocked, for what Ctrl-C dropped.
void grad_input_prepare(void);

// Sleeps until something happens.
enum grad_input_event grad_input_wait(void);

// For rl_getc_function: the next byte, or EOF if another event came first;
// that event is kept for grad_input_take_event.
int grad_input_getc(FILE *stream);
enum grad_input_event grad_input_take_event(void);

// For rl_input_available_hook: whether a byte can be read now. It must
// not wait: Readline asks after each key.
int grad_input_available(void);

// Whether more bytes than TABs are there right now: typed ahead, or a paste.
bool grad_input_pending(void);

// Forgets what was typed ahead, and the rest of a paste that is under way.
void grad_input_discard(void);

#endif
