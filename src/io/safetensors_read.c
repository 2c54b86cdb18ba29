// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/safetensors.h"

#include <stdlib.h>
#include <string.h>

#include "engine/memory.h"
#include "io/element.h"
#include "io/json.h"

enum { LONGEST_HEADER = 100000000 };

// A tensor as the header tells of it.
struct entry {
    size_t index; // in the header's order
    enum grad_element element;
    int ndim;
    size_t shape[GRAD_MAX_DIMS];
    uint64_t begin, end; // in the bytes that follow the header
};

// What is gathered while reading; `file` comes first and is what the caller
// gets.
struct reader {
    struct grad_safetensors file;
    size_t tensors_room, metadata_room, entries_room;
    struct entry *entries;
    char *header; // the names and texts lie in it
    size_t header_bytes;
};

static const struct {
    const char *name;
    enum grad_element element;
} types[] = {
    {"BOOL", GRAD_BOOL},       {"U8", GRAD_U8},           {"I8", GRAD_I8},
    {"U16", GRAD_U16},         {"I16", GRAD_I16},         {"U32", GRAD_U32},
    {"I32", GRAD_I32},         {"U64", GRAD_U64},         {"I64", GRAD_I64},
    {"F8_E4M3", GRAD_F8_E4M3}, {"F8_E5M2", GRAD_F8_E5M2}, {"F16", GRAD_F16},
    {"BF16", GRAD_BF16},       {"F32", GRAD_F32},         {"F64", GRAD_F64}};

// Room for one more of `size` bytes behind `count` others. Grows by half, so
// that it stays in proportion to the header.
static bool grow(void **list, size_t *room, size_t count, size_t size,
                 struct grad_error *error)
{
    if (count < *room)
        return true;
    size_t more = *room + *room / 2 + 4;
    void *longer = grad_memory_alloc(more * size, error);
    if (!longer)
        return false;
    if (*list)
        memcpy(longer, *list, count * size);
    grad_memory_free(*list, *room * size);
    *list = longer;
    *room = more;
    return true;
}

// --- the header --------------------------------------------------------------

static bool read_dtype(struct grad_json *j, struct entry *e)
{
    char *name;
    size_t start = j->at;
    if (!grad_json_string(j, &name))
        return false;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (!strcmp(types[i].name, name)) {
            e->element = types[i].element;
            return true;
        }
    }
    j->at = start;
    return grad_json_fail(j, "unknown dtype '%.40s'", name);
}

static bool read_shape(struct grad_json *j, struct entry *e)
{
    uint64_t size;
    if (!grad_json_mark(j, '['))
        return false;
    for (bool first = true, more;;) {
        if (!grad_json_next(j, ']', &first, &more))
            return false;
        if (!more)
            return true;
        if (e->ndim == GRAD_MAX_DIMS)
            return grad_json_fail(j,
                                  "more than %d dimensions, the most a "
                                  "tensor has",
                                  GRAD_MAX_DIMS);
        if (!grad_json_size(j, &size))
            return false;
        e->shape[e->ndim++] = (size_t)size;
    }
}

static bool read_offsets(struct grad_json *j, struct entry *e)
{
    return grad_json_mark(j, '[') && grad_json_size(j, &e->begin) &&
           grad_json_mark(j, ',') && grad_json_size(j, &e->end) &&
           grad_json_mark(j, ']');
}

static const struct {
    const char *name;
    bool (*read)(struct grad_json *j, struct entry *e);
} fields[] = {{"dtype", read_dtype},
              {"shape", read_shape},
              {"data_offsets", read_offsets}};

// One key of a tensor's object; keys that are not ours are skipped.
static bool read_field(struct grad_json *j, struct entry *e, bool *has)
{
    char *key;
    if (!grad_json_string(j, &key) || !grad_json_mark(j, ':'))
        return false;
    for (int k = 0; k < 3; k++) {
        if (strcmp(fields[k].name, key) != 0)
            continue;
        if (has[k])
            return grad_json_fail(j, "the key '%s' comes twice", key);
        has[k] = true;
        return fields[k].read(j, e);
    }
    return grad_json_skip(j);
}

static bool check_bytes(struct grad_json *j, const struct entry *e)
{
    size_t bytes;
    char text[GRAD_SHAPE_TEXT];
    if (e->begin <= e->end &&
        grad_element_bytes(e->element, e->ndim, e->shape, &bytes) &&
        bytes == e->end - e->begin)
        return true;
    return grad_json_fail(
        j,
        "shape %s of %zu-byte elements does not fill the "
        "data_offsets [%llu, %llu]",
        grad_shape_text(text, e->ndim, e->shape), grad_element_size(e->element),
        (unsigned long long)e->begin, (unsigned long long)e->end);
}

static bool read_entry(struct grad_json *j, struct entry *e)
{
    bool has[3] = {false};
    if (!grad_json_mark(j, '{'))
        return false;
    for (bool first = true, more = true; more;) {
        if (!grad_json_next(j, '}', &first, &more) ||
            (more && !read_field(j, e, has)))
            return false;
    }
    for (int k = 0; k < 3; k++) {
        if (!has[k])
            return grad_json_fail(j, "a tensor without '%s'", fields[k].name);
    }
    return check_bytes(j, e);
}

static bool read_metadata(struct grad_json *j, struct reader *r)
{
    char *name, *text;
    if (!grad_json_mark(j, '{'))
        return false;
    for (bool first = true, more;;) {
        if (!grad_json_next(j, '}', &first, &more))
            return false;
        if (!more)
            return true;
        if (!grad_json_string(j, &name) || !grad_json_mark(j, ':') ||
            !grad_json_string(j, &text) ||
            !grow((void **)&r->file.metadata, &r->metadata_room,
                  r->file.metadata_count, sizeof *r->file.metadata, j->error))
            return false;
        r->file.metadata[r->file.metadata_count++] =
            (struct grad_named_text){name, text};
    }
}

static bool read_tensor_entry(struct grad_json *j, struct reader *r,
                              const char *name)
{
    size_t n = r->file.count;
    if (!grow((void **)&r->file.tensors, &r->tensors_room, n,
              sizeof *r->file.tensors, j->error) ||
        !grow((void **)&r->entries, &r->entries_room, n, sizeof *r->entries,
              j->error))
        return false;
    r->file.tensors[n] = (struct grad_named_tensor){name, NULL};
    r->entries[n] = (struct entry){.index = n};
    r->file.count++;
    return read_entry(j, &r->entries[n]);
}

static bool read_names(struct grad_json *j, struct reader *r)
{
    char *name;
    bool has_metadata = false;
    if (j->length == 0 || j->text[0] != '{')
        return grad_json_fail(j, "the header does not begin with '{'");
    if (!grad_json_mark(j, '{'))
        return false;
    for (bool first = true, more;;) {
        if (!grad_json_next(j, '}', &first, &more))
            return false;
        if (!more)
            return grad_json_end(j);
        if (!grad_json_string(j, &name) || !grad_json_mark(j, ':'))
            return false;
        if (strcmp(name, "__metadata__") != 0) {
            if (!read_tensor_entry(j, r, name))
                return false;
            continue;
        }
        if (has_metadata)
            return grad_json_fail(j, "the key '__metadata__' comes twice");
        has_metadata = true;
        if (!read_metadata(j, r))
            return false;
    }
}

static bool read_header(struct grad_input *in, struct reader *r,
                        struct grad_error *error)
{
    unsigned char bytes[8];
    uint64_t length = 0;
    if (!grad_input_read(in, bytes, 8, "the header's length", error))
        return false;
    for (int i = 7; i >= 0; i--)
        length = length << 8 | bytes[i];
    if (length > LONGEST_HEADER || length > grad_input_left(in))
        return grad_input_fail(in, 0, error,
                               "a header of %llu bytes; the file has %llu "
                               "more, and %d is the most. Hint: is this a "
                               "safetensors file?",
                               (unsigned long long)length,
                               (unsigned long long)grad_input_left(in),
                               LONGEST_HEADER);
    r->header_bytes = (size_t)length + 1;
    r->header = grad_memory_alloc(r->header_bytes, error);
    if (!r->header ||
        !grad_input_read(in, r->header, (size_t)length, "the header", error))
        return false;
    struct grad_json j = {.in = in,
                          .base = 8,
                          .text = r->header,
                          .length = (size_t)length,
                          .error = error};
    return read_names(&j, r);
}

// --- checks over all tensors -------------------------------------------------

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// Names are the first field of both lists' items. Sorts pointers to them.
static bool check_twice(struct grad_input *in, const void *list, size_t count,
                        size_t size, struct grad_error *error)
{
    if (count < 2)
        return true;
    const char **names = grad_memory_alloc(count * sizeof *names, error);
    if (!names)
        return false;
    for (size_t i = 0; i < count; i++)
        memcpy(&names[i], (const char *)list + i * size, sizeof *names);
    qsort(names, count, sizeof *names, compare_names);
    bool fine = true;
    for (size_t i = 1; fine && i < count; i++) {
        if (!strcmp(names[i - 1], names[i]))
            fine = grad_input_fail(in, 8, error,
                                   "the name '%.200s' comes twice in the "
                                   "header",
                                   names[i]);
    }
    grad_memory_free(names, count * sizeof *names);
    return fine;
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    if (x->end != y->end)
        return x->end < y->end ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

// Sorted by place, the tensors fill the rest of the file without gaps.
static bool check_places(struct grad_input *in, struct reader *r,
                         struct grad_error *error)
{
    uint64_t base = grad_input_at(in), at = 0;
    if (r->file.count > 1)
        qsort(r->entries, r->file.count, sizeof *r->entries, compare_entries);
    for (size_t i = 0; i < r->file.count; i++) {
        const struct entry *e = &r->entries[i];
        if (e->begin != at)
            return grad_input_fail(in, base + at, error,
                                   "the tensor '%.200s' begins at byte %llu "
                                   "behind the header; the one before it ends "
                                   "at %llu",
                                   r->file.tensors[e->index].name,
                                   (unsigned long long)e->begin,
                                   (unsigned long long)at);
        at = e->end;
    }
    if (at == grad_input_left(in))
        return true;
    return grad_input_fail(in, base, error,
                           "the tensors take %llu bytes; %llu follow the "
                           "header",
                           (unsigned long long)at,
                           (unsigned long long)grad_input_left(in));
}

static bool read_tensors(struct grad_input *in, struct reader *r,
                         struct grad_error *error)
{
    for (size_t i = 0; i < r->file.count; i++) {
        const struct entry *e = &r->entries[i];
        struct grad_tensor *t =
            grad_element_read(in, e->element, false, e->ndim, e->shape, error);
        if (!t)
            return false;
        r->file.tensors[e->index].tensor = t;
    }
    return true;
}

struct grad_safetensors *grad_safetensors_read(struct grad_input *in,
                                               struct grad_error *error)
{
    struct reader *r = grad_memory_alloc(sizeof *r, error);
    if (!r)
        return NULL;
    memset(r, 0, sizeof *r);
    struct grad_safetensors *file = &r->file;
    if (read_header(in, r, error) &&
        check_twice(in, file->tensors, file->count, sizeof *file->tensors,
                    error) &&
        check_twice(in, file->metadata, file->metadata_count,
                    sizeof *file->metadata, error) &&
        check_places(in, r, error) && read_tensors(in, r, error))
        return file;
    grad_safetensors_free(file);
    return NULL;
}

void grad_safetensors_free(struct grad_safetensors *file)
{
    struct reader *r = (struct reader *)file;
    if (!r)
        return;
    for (size_t i = 0; i < file->count; i++)
        grad_tensor_release(file->tensors[i].tensor);
    grad_memory_free(file->tensors, r->tensors_room * sizeof *file->tensors);
    grad_memory_free(file->metadata, r->metadata_room * sizeof *file->metadata);
    grad_memory_free(r->entries, r->entries_room * sizeof *r->entries);
    grad_memory_free(r->header, r->header_bytes);
    grad_memory_free(r, sizeof *r);
}
