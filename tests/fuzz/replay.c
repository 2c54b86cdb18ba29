// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a fuzz target on the files of a folder, and on each cut off at every
// length and with each byte changed, where libFuzzer is not at hand.
#include <dirent.h>
#include <string.h>

#include "target.h"

enum { LONGEST = 1 << 16 };

// An exact copy, so that a sanitizer sees reading past its end.
static void try_bytes(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    memcpy(copy, bytes, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static void try_changes(uint8_t *bytes, size_t size)
{
    static const uint8_t masks[] = {0xff, 0x01, 0x80, 0x10};
    for (size_t n = 0; n < size && n < 2048; n++)
        try_bytes(bytes, n);
    for (size_t i = 0; i < size && i < 2048; i++) {
        for (size_t k = 0; k < sizeof masks; k++) {
            bytes[i] ^= masks[k];
            try_bytes(bytes, size);
            bytes[i] ^= masks[k];
        }
    }
}

static bool try_file(const char *folder, const char *name)
{
    static uint8_t bytes[LONGEST];
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    try_bytes(bytes, size);
    try_changes(bytes, size);
    return true;
}

int main(int argc, char **argv)
{
    int count = 0;
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    if (!folder) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] != '.')
            count += try_file(argv[1], entry->d_name);
    }
    closedir(folder);
    printf("%d files\n", count);
    return count == 0;
}
