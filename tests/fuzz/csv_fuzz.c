// SPDX-License-Identifier: GPL-3.0-or-later
#include "target.h"

#include <string.h>

#include "io/csv.h"

// The first byte picks the options.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct grad_csv_options options = grad_csv_defaults;
    options.separator = ",;\t "[data[0] & 3];
    options.header = data[0] >> 2 & 1;
    options.skip = data[0] >> 3 & 3;
    struct grad_input *in = fuzz_open(data + 1, size - 1);
    struct grad_csv *csv = grad_csv_read(in, &options, &fuzz_error);
    bool good = csv != NULL;
    if (good) { // all fields are there and lie inside
        const char *field = csv->fields;
        for (size_t i = 0; i < (csv->rows + csv->header) * csv->columns; i++)
            field = grad_csv_next(field);
        if (field > csv->fields + csv->bytes)
            abort();
    }
    grad_csv_free(csv);
    fuzz_close(in, good, size);
    return 0;
}
