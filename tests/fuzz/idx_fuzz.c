// SPDX-License-Identifier: GPL-3.0-or-later
#include "target.h"

#include "io/idx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct grad_input *in = fuzz_open(data, size);
    struct grad_tensor *t = grad_idx_read(in, 1000, &fuzz_error);
    grad_tensor_release(t);
    fuzz_close(in, t != NULL, size);
    return 0;
}
