// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/csv.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/interrupt.h"
#include "engine/memory.h"

const struct grad_csv_options grad_csv_defaults = {
    .separator = ',',
    .header = true,
    .missing = (const char *const[]){"NA", "nan", "NaN", "?", NULL},
};

// --- splitting ---------------------------------------------------------------

// Fields are written over the text they are read from: a field and its zero
// byte are never longer than the field and what ended it.
struct splitter {
    struct grad_input *in;
    const struct grad_csv_options *options;
    char *text;
    size_t length, at; // read
    char *to;          // written
    size_t line;       // from 1
    size_t fields;     // of this row
    size_t rows;
    size_t columns; // of the first row
    struct grad_error *error;
};

static bool fail(struct splitter *s, size_t at, const char *reason)
{
    return grad_input_fail(s->in, at, s->error, "line %zu: %s", s->line,
                           reason);
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

// Moves behind a line end; CR LF is one.
static void skip_line_end(struct splitter *s)
{
    bool cr = s->text[s->at++] == '\r';
    if (cr && s->at < s->length && s->text[s->at] == '\n')
        s->at++;
    s->line++;
}

static bool split_quoted(struct splitter *s)
{
    size_t start = s->at++;
    for (; s->at < s->length; s->at++) {
        char c = s->text[s->at];
        bool quote = c == '"';
        if (quote && (s->at + 1 == s->length || s->text[s->at + 1] != '"')) {
            s->at++;
            return true;
        }
        if (quote)
            s->at++;
        if (c == '\0')
            return fail(s, s->at, "a zero byte. Hint: is this text?");
        s->line += c == '\n';
        *s->to++ = c;
    }
    return fail(s, start, "this quoted field does not end");
}

static bool split_plain(struct splitter *s)
{
    for (; s->at < s->length; s->at++) {
        char c = s->text[s->at];
        if (c == s->options->separator || is_line_end(c))
            return true;
        if (c == '"')
            return fail(s, s->at,
                        "a quote inside a field. Hint: quote the whole field "
                        "and double the quotes in it");
        if (c == '\0')
            return fail(s, s->at, "a zero byte. Hint: is this text?");
        *s->to++ = c;
    }
    return true;
}

// One field and what ends it; *more tells whether the row goes on.
static bool split_field(struct splitter *s, bool *more)
{
    bool quoted = s->at < s->length && s->text[s->at] == '"';
    if (!(quoted ? split_quoted : split_plain)(s))
        return false;
    *more = s->at < s->length && s->text[s->at] == s->options->separator;
    bool ends = s->at == s->length || is_line_end(s->text[s->at]);
    if (!*more && !ends)
        return fail(s, s->at, "a quoted field goes on behind its quote");
    s->fields++;
    if (*more)
        s->at++;
    else if (s->at < s->length)
        skip_line_end(s);
    *s->to++ = '\0';
    return true;
}

static bool check_width(struct splitter *s, size_t at, size_t line)
{
    if (s->rows == 0)
        s->columns = s->fields;
    if (s->fields == s->columns)
        return true;
    return grad_input_fail(
        s->in, at, s->error, "line %zu has %zu field%s, the first row has %zu",
        line, s->fields, s->fields == 1 ? "" : "s", s->columns);
}

static bool split_row(struct splitter *s)
{
    size_t at = s->at, line = s->line;
    s->fields = 0;
    for (bool more = true; more;) {
        if (!split_field(s, &more))
            return false;
    }
    if (!check_width(s, at, line))
        return false;
    s->rows++;
    return s->rows % 4096 != 0 || grad_interrupt_check(s->error);
}

static void skip_lines(struct splitter *s)
{
    if (s->length >= 3 && !memcmp(s->text, "\xef\xbb\xbf", 3))
        s->at = 3;
    for (size_t i = 0; i < s->options->skip && s->at < s->length; i++) {
        while (s->at < s->length && !is_line_end(s->text[s->at]))
            s->at++;
        if (s->at < s->length)
            skip_line_end(s);
    }
}

static bool split(struct splitter *s)
{
    skip_lines(s);
    while (s->at < s->length) {
        if (is_line_end(s->text[s->at]))
            skip_line_end(s);
        else if (!split_row(s))
            return false;
    }
    return s->rows > 0 || fail(s, s->at, "there are no rows");
}

// --- numbers -----------------------------------------------------------------

static locale_t plain_locale(void)
{
    static locale_t plain;
    if (!plain)
        plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    return plain;
}

static bool is_missing(const char *field, const char *const *missing)
{
    if (!field[strspn(field, " \t")])
        return true;
    for (; missing && *missing; missing++) {
        if (!strcmp(field, *missing))
            return true;
    }
    return false;
}

// True for a number or a missing one. Hexadecimal is taken for text.
static bool read_number(const char *field, const char *const *missing,
                        double *value)
{
    char *end;
    *value = NAN;
    if (is_missing(field, missing))
        return true;
    if (strpbrk(field, "xX("))
        return false;
    *value = strtod_l(field, &end, plain_locale());
    while (*end == ' ' || *end == '\t')
        end++;
    return end != field && !*end;
}

const char *grad_csv_next(const char *field)
{
    return field + strlen(field) + 1;
}

static const char *first_field(const struct grad_csv *csv)
{
    const char *field = csv->fields;
    for (size_t c = 0; csv->header && c < csv->columns; c++)
        field = grad_csv_next(field);
    return field;
}

// A column is numbers if every field of it is, and at least one not missing.
static size_t find_number_columns(struct grad_csv *csv,
                                  const char *const *missing)
{
    enum { TEXT = -1, UNKNOWN = -2, NUMBER = 0 };
    double value;
    size_t count = 0;
    const char *field = first_field(csv);
    for (size_t c = 0; c < csv->columns; c++)
        csv->number[c] = UNKNOWN;
    for (size_t r = 0; r < csv->rows; r++) {
        for (size_t c = 0; c < csv->columns; c++) {
            if (csv->number[c] != TEXT) {
                if (!read_number(field, missing, &value))
                    csv->number[c] = TEXT;
                else if (value == value)
                    csv->number[c] = NUMBER;
            }
            field = grad_csv_next(field);
        }
    }
    for (size_t c = 0; c < csv->columns; c++)
        csv->number[c] = csv->number[c] == NUMBER ? (ptrdiff_t)count++ : TEXT;
    return count;
}

static void fill_numbers(struct grad_csv *csv, const char *const *missing)
{
    double *to = csv->numbers->data;
    const char *field = first_field(csv);
    for (size_t r = 0; r < csv->rows; r++) {
        for (size_t c = 0; c < csv->columns; c++) {
            if (csv->number[c] >= 0)
                read_number(field, missing,
                            &to[(size_t)csv->number[c] * csv->rows + r]);
            field = grad_csv_next(field);
        }
    }
}

static bool make_numbers(struct grad_csv *csv, const char *const *missing,
                         struct grad_error *error)
{
    csv->number = grad_memory_alloc(csv->columns * sizeof *csv->number, error);
    if (!csv->number)
        return false;
    size_t count = find_number_columns(csv, missing);
    csv->numbers =
        grad_tensor_new(GRAD_FLOAT64, 2, (size_t[]){count, csv->rows}, error);
    if (!csv->numbers)
        return false;
    fill_numbers(csv, missing);
    return true;
}

// --- the table ---------------------------------------------------------------

static bool read_table(struct grad_csv *csv, struct grad_input *in,
                       const struct grad_csv_options *options,
                       struct grad_error *error)
{
    size_t size = (size_t)grad_input_left(in);
    csv->bytes = size + 1; // the last field may end with the file
    csv->fields = grad_memory_alloc(csv->bytes, error);
    if (!csv->fields || !grad_input_read(in, csv->fields, size, "text", error))
        return false;
    struct splitter s = {.in = in,
                         .options = options,
                         .text = csv->fields,
                         .length = size,
                         .to = csv->fields,
                         .line = 1,
                         .error = error};
    if (!split(&s))
        return false;
    csv->header = options->header;
    csv->rows = s.rows - csv->header;
    csv->columns = s.columns;
    return make_numbers(csv, options->missing, error);
}

struct grad_csv *grad_csv_read(struct grad_input *in,
                               const struct grad_csv_options *options,
                               struct grad_error *error)
{
    struct grad_csv *csv = grad_memory_alloc(sizeof *csv, error);
    if (!csv)
        return NULL;
    memset(csv, 0, sizeof *csv);
    if (grad_input_unpack(in, error) && read_table(csv, in, options, error))
        return csv;
    grad_csv_free(csv);
    return NULL;
}

void grad_csv_free(struct grad_csv *csv)
{
    if (!csv)
        return;
    grad_memory_free(csv->fields, csv->bytes);
    grad_memory_free(csv->number, csv->columns * sizeof *csv->number);
    grad_tensor_release(csv->numbers);
    grad_memory_free(csv, sizeof *csv);
}
