// SPDX-License-Identifier: GPL-3.0-or-later
#include "target.h"

#include "io/cifar10.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct grad_tensor *images, *labels;
    struct grad_input *in = fuzz_open(data, size);
    bool good = grad_cifar10_read(in, 5, &images, &labels, &fuzz_error);
    grad_tensor_release(images);
    grad_tensor_release(labels);
    fuzz_close(in, good, size);
    return 0;
}
