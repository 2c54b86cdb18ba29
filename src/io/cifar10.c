// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/cifar10.h"

enum { CLASSES = 10, PIXELS = 3 * 32 * 32, RECORD = 1 + PIXELS };

static bool count_records(struct grad_input *in, size_t *n,
                          struct grad_error *error)
{
    uint64_t size = grad_input_size(in);
    *n = (size_t)(size / RECORD);
    if (size > 0 && size % RECORD == 0)
        return true;
    return grad_input_fail(in, size - size % RECORD, error,
                           "a record of CIFAR-10 has %d bytes; %s", RECORD,
                           size ? "the last one is cut off" : "there is none");
}

static bool read_records(struct grad_input *in, size_t n, float *images,
                         float *labels, struct grad_error *error)
{
    unsigned char record[RECORD];
    for (size_t i = 0; i < n; i++) {
        uint64_t at = grad_input_at(in);
        if (!grad_input_read(in, record, RECORD, "a record", error))
            return false;
        if (record[0] >= CLASSES)
            return grad_input_fail(in, at, error,
                                   "label %d of image %zu; labels are 0 to 9",
                                   record[0], i + 1);
        labels[i] = record[0];
        for (int k = 0; k < PIXELS; k++)
            images[i * PIXELS + (size_t)k] = record[1 + k];
    }
    return true;
}

bool grad_cifar10_read(struct grad_input *in, size_t limit,
                       struct grad_tensor **images, struct grad_tensor **labels,
                       struct grad_error *error)
{
    size_t n;
    *images = *labels = NULL;
    if (!grad_input_unpack(in, error) || !count_records(in, &n, error))
        return false;
    n = n < limit ? n : limit;
    *images = grad_tensor_new(GRAD_FLOAT32, 4, (size_t[]){n, 3, 32, 32}, error);
    *labels = grad_tensor_new(GRAD_FLOAT32, 1, &n, error);
    if (*images && *labels &&
        read_records(in, n, (*images)->data, (*labels)->data, error))
        return true;
    grad_tensor_release(*images);
    grad_tensor_release(*labels);
    *images = *labels = NULL;
    return false;
}
