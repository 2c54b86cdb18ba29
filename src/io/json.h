// SPDX-License-Identifier: GPL-3.0-or-later
// A strict reader of JSON (RFC 8259) for headers of files. The caller asks for
// what it expects, in the order in which it comes; strings are decoded in
// place, so that nothing is allocated.
#ifndef GRAD_IO_JSON_H
#define GRAD_IO_JSON_H

#include <stddef.h>
#include <stdint.h>

#include "io/input.h"

struct grad_json {
    struct grad_input *in; // for messages
    uint64_t base;         // where text[0] lies in the file
    char *text;            // changed by the reading
    size_t length;
    size_t at;
    struct grad_error *error;
};

// All return false with `error` filled where the text is something else.

// One of {}[]:, or any other byte outside of strings, after white space.
bool grad_json_mark(struct grad_json *j, char mark);
// A string in UTF-8, which stays in `text` and ends with a zero byte. One
// with a zero byte inside is refused.
bool grad_json_string(struct grad_json *j, char **string);
// A whole number from 0 to 2^64 - 1 without sign, point or exponent.
bool grad_json_size(struct grad_json *j, uint64_t *size);
// Any one value; nested at most 32 deep.
bool grad_json_skip(struct grad_json *j);
// Nothing but white space is left.
bool grad_json_end(struct grad_json *j);

// Steps through an object or array that was opened with grad_json_mark. *first
// starts as true. *more tells whether an item follows; else `close` was read.
bool grad_json_next(struct grad_json *j, char close, bool *first, bool *more);

// Fills the error with the place where reading stands; always false.
bool grad_json_fail(struct grad_json *j, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// The length of the UTF-8 sequence at `s`, or 0 where there is none: too long
// a form, half of a pair, beyond U+10FFFF or cut off by `end`.
size_t grad_utf8_length(const char *s, const char *end);

#endif
