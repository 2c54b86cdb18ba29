// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { DEPTH = 32 };

bool grad_json_fail(struct grad_json *j, const char *format, ...)
{
    char reason[500];
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    return grad_input_fail(j->in, j->base + j->at, j->error, "%s", reason);
}

// The byte at hand, or -1 at the end.
static int peek(const struct grad_json *j)
{
    return j->at < j->length ? (unsigned char)j->text[j->at] : -1;
}

static int skip_space(struct grad_json *j)
{
    while (peek(j) == ' ' || peek(j) == '\t' || peek(j) == '\n' ||
           peek(j) == '\r')
        j->at++;
    return peek(j);
}

static bool fail_expected(struct grad_json *j, const char *expected)
{
    int c = peek(j);
    if (c < 0)
        return grad_json_fail(j, "expected %s; the text ends", expected);
    if (c > ' ' && c < 127)
        return grad_json_fail(j, "expected %s; got '%c'", expected, c);
    return grad_json_fail(j, "expected %s; got byte 0x%02x", expected, c);
}

bool grad_json_mark(struct grad_json *j, char mark)
{
    char expected[] = {'\'', mark, '\'', '\0'};
    if (skip_space(j) != (unsigned char)mark)
        return fail_expected(j, expected);
    j->at++;
    return true;
}

bool grad_json_end(struct grad_json *j)
{
    return skip_space(j) < 0 || fail_expected(j, "nothing more");
}

bool grad_json_next(struct grad_json *j, char close, bool *first, bool *more)
{
    char expected[] = "',' or ' '";
    expected[7] = close;
    int c = skip_space(j);
    *more = c != (unsigned char)close;
    if (!*more || (!*first && c == ','))
        j->at++;
    else if (!*first)
        return fail_expected(j, expected);
    *first = false;
    return true;
}

// --- strings -----------------------------------------------------------------

size_t grad_utf8_length(const char *s, const char *end)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char c = (unsigned char)*s;
    size_t n = c < 0x80 ? 1 : c < 0xc0 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    if (n == 1)
        return 1;
    if (n == 0 || c > 0xf4 || (size_t)(end - s) < n)
        return 0;
    uint32_t code = c & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | ((unsigned char)s[i] & 0x3f);
    }
    bool half = code >= 0xd800 && code <= 0xdfff;
    return code < least[n] || code > 0x10ffff || half ? 0 : n;
}

static char *put_utf8(char *to, uint32_t code)
{
    if (code < 0x80) {
        *to++ = (char)code;
        return to;
    }
    int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    *to++ = (char)((0xff00 >> (more + 1) & 0xff) | code >> (6 * more));
    while (more-- > 0)
        *to++ = (char)(0x80 | (code >> (6 * more) & 0x3f));
    return to;
}

static bool read_hex4(struct grad_json *j, uint32_t *code)
{
    *code = 0;
    for (int i = 0; i < 4; i++, j->at++) {
        int c = peek(j);
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return fail_expected(j, "four hexadecimal digits");
        *code = *code << 4 | (uint32_t)digit;
    }
    return true;
}

// What follows "\u": four digits, or two times four for a surrogate pair.
static bool read_unicode(struct grad_json *j, uint32_t *code)
{
    uint32_t low;
    if (!read_hex4(j, code))
        return false;
    if (*code == 0)
        return grad_json_fail(j, "a string with a zero byte inside");
    if (*code < 0xd800 || *code > 0xdfff)
        return true;
    if (*code > 0xdbff || j->length - j->at < 2 || j->text[j->at] != '\\' ||
        j->text[j->at + 1] != 'u')
        return grad_json_fail(j, "half of a surrogate pair");
    j->at += 2;
    if (!read_hex4(j, &low))
        return false;
    if (low < 0xdc00 || low > 0xdfff)
        return grad_json_fail(j, "half of a surrogate pair");
    *code = 0x10000 + ((*code - 0xd800) << 10) + (low - 0xdc00);
    return true;
}

static bool read_escape(struct grad_json *j, char **to)
{
    static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
    uint32_t code;
    int c = peek(j);
    const char *known = c > 0 ? strchr(from, c) : NULL;
    if (!known && c != 'u')
        return fail_expected(j, "an escape of JSON");
    j->at++;
    if (known)
        code = (unsigned char)into[known - from];
    else if (!read_unicode(j, &code))
        return false;
    *to = put_utf8(*to, code); // never longer than the escape
    return true;
}

bool grad_json_string(struct grad_json *j, char **string)
{
    if (!grad_json_mark(j, '"'))
        return false;
    char *to = *string = j->text + j->at;
    for (int c; (c = peek(j)) != '"';) {
        if (c < ' ')
            return fail_expected(j, "the end of the string");
        if (c == '\\') {
            j->at++;
            if (!read_escape(j, &to))
                return false;
            continue;
        }
        size_t n = grad_utf8_length(j->text + j->at, j->text + j->length);
        if (n == 0)
            return grad_json_fail(j, "this is not UTF-8");
        memmove(to, j->text + j->at, n);
        to += n;
        j->at += n;
    }
    *to = '\0'; // at the latest where the closing quote was
    j->at++;
    return true;
}

// --- numbers and the rest ----------------------------------------------------

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

bool grad_json_size(struct grad_json *j, uint64_t *size)
{
    *size = 0;
    if (!is_digit(skip_space(j)))
        return fail_expected(j, "a whole number from 0");
    bool zero = peek(j) == '0';
    for (int c; is_digit(c = peek(j)); j->at++) {
        if (__builtin_mul_overflow(*size, (uint64_t)10, size) ||
            __builtin_add_overflow(*size, (uint64_t)(c - '0'), size))
            return grad_json_fail(j, "a number beyond 64 bits");
        if (zero && *size > 0)
            return grad_json_fail(j, "a number that begins with 0");
    }
    if (peek(j) == '.' || peek(j) == 'e' || peek(j) == 'E')
        return fail_expected(j, "a whole number");
    return true;
}

static bool skip_digits(struct grad_json *j)
{
    if (!is_digit(peek(j)))
        return fail_expected(j, "a digit");
    while (is_digit(peek(j)))
        j->at++;
    return true;
}

static bool skip_number(struct grad_json *j)
{
    if (peek(j) == '-')
        j->at++;
    if (peek(j) == '0')
        j->at++;
    else if (!skip_digits(j))
        return false;
    if (peek(j) == '.') {
        j->at++;
        if (!skip_digits(j))
            return false;
    }
    if (peek(j) != 'e' && peek(j) != 'E')
        return true;
    j->at++;
    if (peek(j) == '+' || peek(j) == '-')
        j->at++;
    return skip_digits(j);
}

static bool skip_word(struct grad_json *j)
{
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < 3; i++) {
        size_t n = strlen(words[i]);
        if (j->length - j->at >= n && !memcmp(j->text + j->at, words[i], n)) {
            j->at += n;
            return true;
        }
    }
    return fail_expected(j, "a value");
}

static bool skip_value(struct grad_json *j, int depth)
{
    char *unused;
    int c = skip_space(j);
    if (c == '"')
        return grad_json_string(j, &unused);
    if (c == '-' || is_digit(c))
        return skip_number(j);
    if (c != '{' && c != '[')
        return skip_word(j);
    if (depth == 0)
        return grad_json_fail(j, "nested deeper than %d", DEPTH);
    j->at++;
    for (bool first = true, more;;) {
        if (!grad_json_next(j, c == '{' ? '}' : ']', &first, &more))
            return false;
        if (!more)
            return true;
        if (c == '{' &&
            (!grad_json_string(j, &unused) || !grad_json_mark(j, ':')))
            return false;
        if (!skip_value(j, depth - 1))
            return false;
    }
}

bool grad_json_skip(struct grad_json *j)
{
    return skip_value(j, DEPTH);
}
