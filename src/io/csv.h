// SPDX-License-Identifier: GPL-3.0-or-later
// Tables as text: comma-separated values after RFC 4180. Fields in double
// quotes may hold separators, line ends and doubled quotes; lines end in CR
// LF, LF or CR; empty lines are skipped; a byte-order mark is skipped. May be
// gzipped. Numbers are read with a point, whatever the locale.
#ifndef GRAD_IO_CSV_H
#define GRAD_IO_CSV_H

#include "engine/tensor.h"
#include "io/input.h"

struct grad_csv_options {
    char separator;
    bool header; // the first row names the columns
    size_t skip; // lines before the first row
    // What stands for a missing number besides an empty field: a list that
    // ends with NULL.
    const char *const *missing;
};

// The separator is ',', the first row names the columns, and "NA", "nan",
// "NaN" and "?" are missing.
extern const struct grad_csv_options grad_csv_defaults;

struct grad_csv {
    size_t rows, columns;
    bool header;
    // All fields, the names first if there are any, row by row, each with a
    // zero byte after it.
    char *fields;
    size_t bytes; // of fields, as allocated
    // A column of numbers, or missing ones, has its place among the columns
    // of numbers here, counted from 0; a column of text has -1.
    ptrdiff_t *number;
    // (columns of numbers, rows) in float64; missing ones are NaN.
    struct grad_tensor *numbers;
};

// A new table, or NULL with `error` filled.
struct grad_csv *grad_csv_read(struct grad_input *in,
                               const struct grad_csv_options *options,
                               struct grad_error *error);
// NULL is fine.
void grad_csv_free(struct grad_csv *csv);

// The field after `field` in csv->fields.
const char *grad_csv_next(const char *field);

#endif
