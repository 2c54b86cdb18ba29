// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/safetensors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/copy.h"
#include "engine/memory.h"
#include "io/json.h"

enum { LONGEST_HEADER = 100000000 };

// The header is emitted twice: once to count its bytes (out is NULL), once to
// write them.
struct sink {
    struct grad_output *out;
    size_t bytes;
    bool failed;
    struct grad_error *error;
};

static void put(struct sink *s, const char *text, size_t n)
{
    s->bytes += n;
    if (s->out && !s->failed)
        s->failed = !grad_output_write(s->out, text, n, s->error);
}

static void put_text(struct sink *s, const char *text)
{
    put(s, text, strlen(text));
}

static void put_size(struct sink *s, size_t size)
{
    char text[24];
    put(s, text, (size_t)snprintf(text, sizeof text, "%zu", size));
}

// A string of JSON.
static void put_string(struct sink *s, const char *text)
{
    char escape[8];
    put_text(s, "\"");
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            snprintf(escape, sizeof escape, "\\%c", c);
        else if (c < ' ')
            snprintf(escape, sizeof escape, "\\u%04x", c);
        else {
            put(s, text, 1);
            continue;
        }
        put_text(s, escape);
    }
    put_text(s, "\"");
}

static size_t bytes_of(const struct grad_tensor *t)
{
    return t->numel * grad_dtype_size(t->dtype);
}

static void put_tensor(struct sink *s, const struct grad_named_tensor *named,
                       size_t begin)
{
    const struct grad_tensor *t = named->tensor;
    put_string(s, named->name);
    put_text(s, t->dtype == GRAD_FLOAT64 ? ":{\"dtype\":\"F64\",\"shape\":["
                                         : ":{\"dtype\":\"F32\",\"shape\":[");
    for (int d = 0; d < t->ndim; d++) {
        put_text(s, d ? "," : "");
        put_size(s, t->shape[d]);
    }
    put_text(s, "],\"data_offsets\":[");
    put_size(s, begin);
    put_text(s, ",");
    put_size(s, begin + bytes_of(t));
    put_text(s, "]}");
}

static void put_metadata(struct sink *s, const struct grad_safetensors *file)
{
    put_text(s, "\"__metadata__\":{");
    for (size_t i = 0; i < file->metadata_count; i++) {
        put_text(s, i ? "," : "");
        put_string(s, file->metadata[i].name);
        put_text(s, ":");
        put_string(s, file->metadata[i].text);
    }
    put_text(s, "}");
}

static void put_header(struct sink *s, const struct grad_safetensors *file)
{
    size_t at[2] = {0, 0}; // where the next float32 and float64 will lie
    for (size_t i = 0; i < file->count; i++) {
        if (file->tensors[i].tensor->dtype == GRAD_FLOAT64)
            at[GRAD_FLOAT32] += bytes_of(file->tensors[i].tensor);
    }
    put_text(s, "{");
    if (file->metadata_count > 0)
        put_metadata(s, file);
    for (size_t i = 0; i < file->count; i++) {
        const struct grad_named_tensor *named = &file->tensors[i];
        put_text(s, i || file->metadata_count ? "," : "");
        put_tensor(s, named, at[named->tensor->dtype]);
        at[named->tensor->dtype] += bytes_of(named->tensor);
    }
    put_text(s, "}");
    while (s->bytes % 8)
        put_text(s, " ");
}

// --- checks ------------------------------------------------------------------

static bool check_text(const char *text, struct grad_error *error)
{
    const char *end = text + strlen(text);
    for (const char *s = text; s < end;) {
        size_t n = grad_utf8_length(s, end);
        if (n == 0)
            return grad_fail(error, GRAD_ERROR_ARGUMENT,
                             "safetensors.save: byte %zu of the text '%.40s' "
                             "is not UTF-8",
                             (size_t)(s - text) + 1, text);
        s += n;
    }
    return true;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool check_different(const char **names, size_t count,
                            struct grad_error *error)
{
    if (count > 1)
        qsort(names, count, sizeof *names, compare);
    for (size_t i = 1; i < count; i++) {
        if (!strcmp(names[i - 1], names[i]))
            return grad_fail(error, GRAD_ERROR_ARGUMENT,
                             "safetensors.save: the name '%.200s' comes twice",
                             names[i]);
    }
    return true;
}

static bool check_names(const struct grad_safetensors *file,
                        struct grad_error *error)
{
    size_t bytes = file->count * sizeof(char *);
    const char **names = grad_memory_alloc(bytes, error);
    bool fine = names != NULL;
    for (size_t i = 0; fine && i < file->count; i++) {
        names[i] = file->tensors[i].name;
        fine = check_text(names[i], error);
        if (fine && !strcmp(names[i], "__metadata__"))
            fine = grad_fail(error, GRAD_ERROR_ARGUMENT,
                             "safetensors.save: a tensor cannot have the name "
                             "'__metadata__'");
    }
    fine = fine && check_different(names, file->count, error);
    grad_memory_free(names, bytes);
    for (size_t i = 0; fine && i < file->metadata_count; i++)
        fine = check_text(file->metadata[i].name, error) &&
               check_text(file->metadata[i].text, error);
    return fine;
}

// --- writing -----------------------------------------------------------------

static bool write_header(struct grad_output *out,
                         const struct grad_safetensors *file,
                         struct grad_error *error)
{
    struct sink count = {.error = error}, write = {.out = out, .error = error};
    unsigned char length[8];
    put_header(&count, file);
    if (count.bytes > LONGEST_HEADER)
        return grad_fail(error, GRAD_ERROR_ARGUMENT,
                         "safetensors.save: a header of %zu bytes; the format "
                         "allows %d",
                         count.bytes, LONGEST_HEADER);
    for (int i = 0; i < 8; i++)
        length[i] = (unsigned char)((uint64_t)count.bytes >> (8 * i));
    if (!grad_output_write(out, length, 8, error))
        return false;
    put_header(&write, file);
    return !write.failed;
}

static bool write_tensor(struct grad_output *out, struct grad_tensor *t,
                         struct grad_error *error)
{
    struct grad_tensor *c = grad_tensor_contiguous(t, error);
    bool fine = c && grad_output_write(out, c->data, bytes_of(c), error);
    grad_tensor_release(c);
    return fine;
}

bool grad_safetensors_write(struct grad_output *out,
                            const struct grad_safetensors *file,
                            struct grad_error *error)
{
    static const enum grad_dtype order[] = {GRAD_FLOAT64, GRAD_FLOAT32};
    if (!check_names(file, error) || !write_header(out, file, error))
        return false;
    for (int k = 0; k < 2; k++) {
        for (size_t i = 0; i < file->count; i++) {
            if (file->tensors[i].tensor->dtype == order[k] &&
                !write_tensor(out, file->tensors[i].tensor, error))
                return false;
        }
    }
    return true;
}
