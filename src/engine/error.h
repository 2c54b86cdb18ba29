// SPDX-License-Identifier: GPL-3.0-or-later
// What went wrong, as a value. The engine never prints, exits or jumps: a
// function that can fail takes a `struct grad_error *` last, fills it and
// returns NULL or false. The caller owns the struct; it holds no memory.
#ifndef GRAD_ENGINE_ERROR_H
#define GRAD_ENGINE_ERROR_H

#include <stdbool.h>

enum grad_error_code {
    GRAD_OK = 0,
    GRAD_ERROR_ARGUMENT,    // shapes, types or values that do not fit
    GRAD_ERROR_MEMORY,      // the system has no more
    GRAD_ERROR_STATE,       // right call at the wrong time
    GRAD_ERROR_FILE,        // the world outside: missing, malformed, full
    GRAD_ERROR_INTERRUPTED, // Ctrl-C
    GRAD_ERROR_CALLBACK     // code called back into has failed
};

struct grad_error {
    enum grad_error_code code;
    char message[1024];
};

// Fills `error`, if it is not NULL; a first error is not overwritten by the
// ones that follow from it. Always returns false, for `return grad_fail(...)`.
bool grad_fail(struct grad_error *error, enum grad_error_code code,
               const char *format, ...) __attribute__((format(printf, 3, 4)));

// The error of a failed allocation of `bytes`.
bool grad_fail_memory(struct grad_error *error, unsigned long long bytes);

void grad_error_clear(struct grad_error *error);

#endif
