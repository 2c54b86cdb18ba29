// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "engine/interrupt.h"
#include "engine/memory.h"

enum { PIECE = 1 << 16 };

struct grad_input {
    const char *name;
    int fd;                      // -1: memory
    const unsigned char *memory; // NULL: fd
    uint64_t raw_size, raw_at;   // of the file itself
    uint64_t size, at;           // of the content
    bool packed;
    bool ended; // a gzip member has ended; another may follow
    z_stream stream;
    unsigned char *piece; // packed bytes on their way, PIECE of them
};

// --- opening -----------------------------------------------------------------

static struct grad_input *input_new(const char *name, struct grad_error *error)
{
    struct grad_input *in = grad_memory_alloc(sizeof *in, error);
    if (!in)
        return NULL;
    memset(in, 0, sizeof *in);
    in->name = name;
    in->fd = -1;
    return in;
}

static bool open_file(struct grad_input *in, struct grad_error *error)
{
    struct stat info;
    // Without O_NONBLOCK the opening of a named pipe would wait for a writer.
    in->fd = open(in->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (in->fd < 0 || fstat(in->fd, &info) != 0)
        return grad_fail(error, GRAD_ERROR_FILE, "cannot open '%s': %s",
                         in->name, strerror(errno));
    if (S_ISDIR(info.st_mode))
        return grad_fail(error, GRAD_ERROR_FILE,
                         "cannot read '%s': it is a folder, not a file",
                         in->name);
    if (!S_ISREG(info.st_mode))
        return grad_fail(error, GRAD_ERROR_FILE,
                         "cannot read '%s': it is not a regular file. Hint: "
                         "copy a pipe's data to a file first",
                         in->name);
    in->raw_size = in->size = (uint64_t)info.st_size;
    return true;
}

struct grad_input *grad_input_open(const char *path, struct grad_error *error)
{
    struct grad_input *in = input_new(path, error);
    if (in && !open_file(in, error)) {
        grad_input_close(in);
        return NULL;
    }
    return in;
}

struct grad_input *grad_input_memory(const char *name, const void *bytes,
                                     size_t size, struct grad_error *error)
{
    struct grad_input *in = input_new(name, error);
    if (!in)
        return NULL;
    in->memory = bytes;
    in->raw_size = in->size = size;
    return in;
}

void grad_input_close(struct grad_input *in)
{
    if (!in)
        return;
    if (in->fd >= 0)
        close(in->fd);
    if (in->packed)
        inflateEnd(&in->stream);
    grad_memory_free(in->piece, PIECE);
    grad_memory_free(in, sizeof *in);
}

// --- looking -----------------------------------------------------------------

uint64_t grad_input_size(const struct grad_input *in)
{
    return in->size;
}

uint64_t grad_input_at(const struct grad_input *in)
{
    return in->at;
}

uint64_t grad_input_left(const struct grad_input *in)
{
    return in->size - in->at;
}

bool grad_input_fail(const struct grad_input *in, uint64_t offset,
                     struct grad_error *error, const char *format, ...)
{
    char reason[600];
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    return grad_fail(error, GRAD_ERROR_FILE, "%s: at byte %llu%s: %s", in->name,
                     (unsigned long long)offset,
                     in->packed ? " of the unpacked data" : "", reason);
}

// --- reading -----------------------------------------------------------------

static bool fail_read(struct grad_input *in, struct grad_error *error)
{
    return grad_fail(error, GRAD_ERROR_FILE, "%s: at byte %llu: %s", in->name,
                     (unsigned long long)in->raw_at, strerror(errno));
}

// Up to n bytes of the file itself into `to`; fewer only at its end.
static bool read_raw(struct grad_input *in, void *to, size_t n, size_t *got,
                     struct grad_error *error)
{
    *got = 0;
    if (in->memory) {
        uint64_t left = in->raw_size - in->raw_at;
        *got = n < left ? n : (size_t)left;
        if (*got > 0)
            memcpy(to, in->memory + in->raw_at, *got);
        in->raw_at += *got;
        return true;
    }
    while (*got < n) {
        if (!grad_interrupt_check(error))
            return false;
        size_t ask = n - *got < (1 << 20) ? n - *got : 1 << 20;
        ssize_t r = pread(in->fd, (char *)to + *got, ask, (off_t)in->raw_at);
        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            return fail_read(in, error);
        if (r == 0)
            break;
        *got += (size_t)r;
        in->raw_at += (uint64_t)r;
    }
    return true;
}

// Makes sure that packed bytes are at hand; none are left at the file's end.
static bool refill(struct grad_input *in, struct grad_error *error)
{
    size_t got = 0;
    if (in->stream.avail_in > 0)
        return true;
    if (!read_raw(in, in->piece, PIECE, &got, error))
        return false;
    in->stream.next_in = in->piece;
    in->stream.avail_in = (uInt)got;
    return true;
}

static bool fail_packed(struct grad_input *in, const char *reason,
                        struct grad_error *error)
{
    return grad_fail(
        error, GRAD_ERROR_FILE,
        "%s: at byte %llu: the gzip data are damaged: %s", in->name,
        (unsigned long long)(in->raw_at - in->stream.avail_in), reason);
}

// Up to n unpacked bytes into `to`; fewer only at the end of the content.
static bool read_packed(struct grad_input *in, void *to, size_t n, size_t *got,
                        struct grad_error *error)
{
    *got = 0;
    while (*got < n) {
        if (!grad_interrupt_check(error) || !refill(in, error))
            return false;
        if (in->stream.avail_in == 0) {
            if (!in->ended)
                return fail_packed(in, "they end too early", error);
            return true;
        }
        if (in->ended)
            inflateReset(&in->stream);
        size_t ask = n - *got < (1 << 20) ? n - *got : 1 << 20;
        in->stream.next_out = (unsigned char *)to + *got;
        in->stream.avail_out = (uInt)ask;
        int r = inflate(&in->stream, Z_NO_FLUSH);
        if (r == Z_MEM_ERROR)
            return grad_fail_memory(error, 1 << 15);
        if (r != Z_OK && r != Z_STREAM_END && r != Z_BUF_ERROR)
            return fail_packed(in, in->stream.msg ? in->stream.msg : "not gzip",
                               error);
        in->ended = r == Z_STREAM_END;
        *got += ask - in->stream.avail_out;
    }
    return true;
}

bool grad_input_read(struct grad_input *in, void *to, size_t n,
                     const char *what, struct grad_error *error)
{
    size_t got;
    uint64_t left = grad_input_left(in);
    if (n > left)
        return grad_input_fail(in, in->size, error,
                               "the file ends here, before the end of %s",
                               what);
    if (!(in->packed ? read_packed : read_raw)(in, to, n, &got, error))
        return false;
    in->at += got;
    if (got < n)
        return grad_input_fail(in, in->at, error,
                               "the file became shorter while it was read");
    return true;
}

// --- gzip --------------------------------------------------------------------

static void rewind_input(struct grad_input *in)
{
    in->raw_at = in->at = 0;
    in->stream.avail_in = 0;
    in->ended = false;
    inflateReset(&in->stream);
}

// Unpacks everything into nowhere, to learn how much it is.
static bool measure(struct grad_input *in, struct grad_error *error)
{
    size_t got;
    unsigned char *nowhere = grad_memory_alloc(PIECE, error);
    if (!nowhere)
        return false;
    in->size = 0;
    bool fine;
    do {
        fine = read_packed(in, nowhere, PIECE, &got, error);
        in->size += got;
    } while (fine && got == PIECE);
    grad_memory_free(nowhere, PIECE);
    if (fine)
        rewind_input(in);
    return fine;
}

bool grad_input_unpack(struct grad_input *in, struct grad_error *error)
{
    unsigned char magic[2];
    size_t got;
    if (!read_raw(in, magic, 2, &got, error))
        return false;
    in->raw_at = 0;
    if (got < 2 || magic[0] != 0x1f || magic[1] != 0x8b)
        return true;
    in->piece = grad_memory_alloc(PIECE, error);
    if (!in->piece)
        return false;
    // 16: gzip's own header and checksum, not zlib's
    if (inflateInit2(&in->stream, 15 + 16) != Z_OK)
        return grad_fail_memory(error, 1 << 15);
    in->packed = true;
    return measure(in, error);
}
