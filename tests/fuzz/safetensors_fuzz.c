// SPDX-License-Identifier: GPL-3.0-or-later
#include "target.h"

#include "io/safetensors.h"

// What was read must be fit to be written: to the null device.
static void write_back(const struct grad_safetensors *file)
{
    struct grad_error error = {0};
    struct grad_output *out = grad_output_open("/dev/null", &error);
    if (!out || !grad_safetensors_write(out, file, &error) ||
        !grad_output_commit(out, &error)) {
        fprintf(stderr, "%s\n", error.message);
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct grad_input *in = fuzz_open(data, size);
    struct grad_safetensors *file = grad_safetensors_read(in, &fuzz_error);
    bool good = file != NULL;
    if (good)
        write_back(file);
    grad_safetensors_free(file);
    fuzz_close(in, good, size);
    return 0;
}
