// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"

#include <stdarg.h>
#include <stdio.h>

bool grad_fail(struct grad_error *error, enum grad_error_code code,
               const char *format, ...)
{
    if (!error || error->code != GRAD_OK)
        return false;
    error->code = code;
    va_list args;
    va_start(args, format);
    vsnprintf(error->message, sizeof error->message, format, args);
    va_end(args);
    return false;
}

bool grad_fail_memory(struct grad_error *error, unsigned long long bytes)
{
    return grad_fail(error, GRAD_ERROR_MEMORY,
                     "out of memory: %llu bytes were asked for. Hint: smaller "
                     "tensors or a smaller batch",
                     bytes);
}

void grad_error_clear(struct grad_error *error)
{
    error->code = GRAD_OK;
    error->message[0] = '\0';
}
