// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/interrupt.h"
#include "engine/memory.h"

enum { BUFFER = 1 << 16 };

struct grad_output {
    char asked[PATH_MAX];  // as the caller wrote it, for messages
    char path[PATH_MAX];   // without symbolic links
    char folder[PATH_MAX]; // of path
    char temporary[PATH_MAX];
    int fd;
    bool direct; // a device: no temporary
    bool named;  // the temporary has a name in the folder
    size_t used; // of the buffer
    char buffer[BUFFER];
};

static bool fail(const struct grad_output *out, int reason,
                 struct grad_error *error)
{
    return grad_fail(error, GRAD_ERROR_FILE, "cannot save '%s': %s", out->asked,
                     strerror(reason));
}

static bool fail_folder(const struct grad_output *out, int reason,
                        struct grad_error *error)
{
    return grad_fail(error, GRAD_ERROR_FILE,
                     "cannot save '%s': no file can be made in the folder "
                     "'%s': %s",
                     out->asked, out->folder, strerror(reason));
}

// --- paths -------------------------------------------------------------------

// Follows symbolic links, also to a file that is not there yet.
static bool resolve(struct grad_output *out, const char *path,
                    struct grad_error *error)
{
    char target[PATH_MAX];
    if (strlen(path) >= sizeof out->path)
        return fail(out, ENAMETOOLONG, error);
    strcpy(out->path, path);
    for (int links = 0; links < 40; links++) {
        ssize_t n = readlink(out->path, target, sizeof target - 1);
        if (n < 0)
            return true;
        target[n] = '\0';
        char *slash = strrchr(out->path, '/');
        size_t kept =
            target[0] == '/' || !slash ? 0 : (size_t)(slash + 1 - out->path);
        if (kept + (size_t)n >= sizeof out->path)
            return fail(out, ENAMETOOLONG, error);
        memcpy(out->path + kept, target, (size_t)n + 1);
    }
    return fail(out, ELOOP, error);
}

static bool split_folder(struct grad_output *out, struct grad_error *error)
{
    const char *slash = strrchr(out->path, '/');
    size_t length = slash ? (size_t)(slash - out->path) : 0;
    if (!slash)
        strcpy(out->folder, ".");
    else if (length == 0)
        strcpy(out->folder, "/");
    else
        memcpy(out->folder, out->path, length);
    if (slash ? !slash[1] : !out->path[0])
        return grad_fail(error, GRAD_ERROR_FILE,
                         "cannot save '%s': this names a folder, not a file",
                         out->asked);
    // The temporary's name may be longer than the file's.
    if (strlen(out->folder) + 64 >= sizeof out->temporary)
        return fail(out, ENAMETOOLONG, error);
    return true;
}

// --- the temporary -----------------------------------------------------------

static void new_name(struct grad_output *out)
{
    static unsigned count;
    int length = (int)strlen(out->folder);
    snprintf(out->temporary, sizeof out->temporary, "%.*s/.gradus-%ld-%u",
             length, out->folder, (long)getpid(), count++);
}

static bool open_named(struct grad_output *out, mode_t mode,
                       struct grad_error *error)
{
    out->fd = -1;
    for (int tries = 0; out->fd < 0 && tries < 1000; tries++) {
        new_name(out);
        out->fd =
            open(out->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (out->fd < 0 && errno != EEXIST)
            return fail_folder(out, errno, error);
    }
    out->named = out->fd >= 0;
    return out->named || fail_folder(out, EEXIST, error);
}

// A file without a name leaves nothing behind when this process is killed.
// Where the file system has no such thing, a file with a name.
static bool open_temporary(struct grad_output *out, mode_t mode,
                           struct grad_error *error)
{
    out->fd = open(out->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, mode);
    if (out->fd >= 0)
        return true;
    if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL &&
        errno != ENOENT)
        return fail_folder(out, errno, error);
    return open_named(out, mode, error);
}

static bool copy_to_name(struct grad_output *out, struct grad_error *error);

static bool give_name(struct grad_output *out, struct grad_error *error)
{
    char self[64];
    snprintf(self, sizeof self, "/proc/self/fd/%d", out->fd);
    for (int tries = 0; !out->named && tries < 1000; tries++) {
        new_name(out);
        out->named = linkat(AT_FDCWD, self, AT_FDCWD, out->temporary,
                            AT_SYMLINK_FOLLOW) == 0;
        if (!out->named && errno == ENOENT)
            return copy_to_name(out, error);
        if (!out->named && errno != EEXIST)
            return fail_folder(out, errno, error);
    }
    return out->named || fail_folder(out, EEXIST, error);
}

static bool open_target(struct grad_output *out, struct grad_error *error)
{
    struct stat old;
    if (stat(out->path, &old) != 0) {
        if (errno != ENOENT)
            return fail(out, errno, error);
        return open_temporary(out, 0666, error);
    }
    if (S_ISDIR(old.st_mode))
        return fail(out, EISDIR, error);
    if (!S_ISREG(old.st_mode)) {
        out->direct = true;
        out->fd = open(out->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
        return out->fd >= 0 || fail(out, errno, error);
    }
    // A write-protected file is not to be replaced behind its owner's back.
    if (access(out->path, W_OK) != 0)
        return fail(out, errno, error);
    if (!open_temporary(out, 0600, error))
        return false;
    // Only root can keep another owner; for others the file becomes theirs.
    if (fchown(out->fd, old.st_uid, old.st_gid) != 0)
        errno = 0;
    return fchmod(out->fd, old.st_mode & 07777) == 0 || fail(out, errno, error);
}

struct grad_output *grad_output_open(const char *path, struct grad_error *error)
{
    struct grad_output *out = grad_memory_alloc(sizeof *out, error);
    if (!out)
        return NULL;
    memset(out, 0, offsetof(struct grad_output, buffer));
    out->fd = -1;
    snprintf(out->asked, sizeof out->asked, "%s", path);
    if (!resolve(out, path, error) || !split_folder(out, error) ||
        !open_target(out, error)) {
        grad_output_abandon(out);
        return NULL;
    }
    return out;
}

// --- writing -----------------------------------------------------------------

static bool write_all(struct grad_output *out, const char *bytes, size_t n,
                      struct grad_error *error)
{
    while (n > 0) {
        if (!grad_interrupt_check(error))
            return false;
        ssize_t w = write(out->fd, bytes, n < (1 << 22) ? n : 1 << 22);
        if (w < 0 && errno == EINTR)
            continue;
        if (w < 0)
            return fail(out, errno, error);
        bytes += w;
        n -= (size_t)w;
    }
    return true;
}

static bool flush(struct grad_output *out, struct grad_error *error)
{
    size_t n = out->used;
    out->used = 0;
    return write_all(out, out->buffer, n, error);
}

bool grad_output_write(struct grad_output *out, const void *bytes, size_t n,
                       struct grad_error *error)
{
    if (out->used + n > BUFFER && !flush(out, error))
        return false;
    if (n > BUFFER)
        return write_all(out, bytes, n, error);
    memcpy(out->buffer + out->used, bytes, n);
    out->used += n;
    return true;
}

// Devices and pipes have nothing to sync, and say EINVAL.
static bool sync_file(struct grad_output *out, struct grad_error *error)
{
    if (fsync(out->fd) == 0 || errno == EINVAL || errno == EROFS)
        return true;
    return fail(out, errno, error);
}

static bool copy_bytes(struct grad_output *out, int from,
                       struct grad_error *error)
{
    if (lseek(from, 0, SEEK_SET) != 0)
        return fail(out, errno, error);
    for (;;) {
        ssize_t n = read(from, out->buffer, BUFFER);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(out, errno, error);
        if (n == 0)
            return sync_file(out, error);
        if (!write_all(out, out->buffer, (size_t)n, error))
            return false;
    }
}

// Some emulators and file systems make a nameless file but cannot name it: its
// bytes go to one that has a name.
static bool copy_to_name(struct grad_output *out, struct grad_error *error)
{
    int nameless = out->fd;
    struct stat about;
    bool fine = fstat(nameless, &about) == 0 || fail(out, errno, error);
    fine = fine && open_named(out, about.st_mode & 07777, error);
    if (fine && fchown(out->fd, about.st_uid, about.st_gid) != 0)
        errno = 0;
    fine = fine && (fchmod(out->fd, about.st_mode & 07777) == 0 ||
                    fail(out, errno, error));
    fine = fine && copy_bytes(out, nameless, error);
    if (out->fd != nameless)
        close(nameless);
    return fine;
}

static bool close_file(struct grad_output *out, struct grad_error *error)
{
    int fd = out->fd;
    out->fd = -1;
    return close(fd) == 0 || fail(out, errno, error);
}

// The new name itself must reach the disk too. A file system that cannot sync
// a folder has done what it can.
static void sync_folder(const struct grad_output *out)
{
    int fd = open(out->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

static bool replace(struct grad_output *out, struct grad_error *error)
{
    if (rename(out->temporary, out->path) != 0)
        return fail(out, errno, error);
    out->named = false;
    sync_folder(out);
    return true;
}

bool grad_output_commit(struct grad_output *out, struct grad_error *error)
{
    bool fine = flush(out, error) && sync_file(out, error);
    if (fine && !out->direct)
        fine = give_name(out, error);
    fine = fine && close_file(out, error);
    if (fine && !out->direct)
        fine = replace(out, error);
    grad_output_abandon(out);
    return fine;
}

void grad_output_abandon(struct grad_output *out)
{
    if (!out)
        return;
    if (out->fd >= 0)
        close(out->fd);
    if (out->named)
        unlink(out->temporary);
    grad_memory_free(out, sizeof *out);
}
