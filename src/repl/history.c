// SPDX-License-Identifier: GPL-3.0-or-later
#include "repl/history.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <readline/history.h>

#define MAX_ENTRIES 10000
#define MAX_BYTES   (8 << 20) // a larger file is cut to its last MAX_ENTRIES

static char path[PATH_MAX]; // "" if nothing is saved

static bool make_folders(char *folder)
{
    for (char *p = folder + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        int failed = mkdir(folder, 0700) != 0 && errno != EEXIST;
        *p = '/';
        if (failed)
            return false;
    }
    return true;
}

static bool find_path(void)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    int n = -1;
    if (state && state[0] == '/')
        n = snprintf(path, sizeof path, "%s/gradus/history", state);
    else if (home && home[0] == '/')
        n = snprintf(path, sizeof path, "%s/.local/state/gradus/history", home);
    return n > 0 && n < (int)sizeof path && make_folders(path);
}

static int open_file(void)
{
    return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

// Only the last entries are kept in the list; a file grown too large is
// written anew under a lock, which other sessions' appends respect.
static void cut_large_file(int fd)
{
    struct stat status;
    if (fstat(fd, &status) == 0 && status.st_size > MAX_BYTES &&
        flock(fd, LOCK_EX | LOCK_NB) == 0)
        history_truncate_file(path, MAX_ENTRIES);
}

const char *grad_history_open(bool use_file)
{
    history_comment_char = '#';
    history_write_timestamps = 1;
    using_history();
    stifle_history(MAX_ENTRIES);
    path[0] = '\0';
    if (!use_file)
        return NULL;
    int fd = find_path() ? open_file() : -1;
    if (fd < 0) {
        path[0] = '\0';
        return "the history is not saved: its file cannot be written";
    }
    fchmod(fd, 0600);
    cut_large_file(fd);
    close(fd);
    read_history(path);
    using_history();
    return NULL;
}

static void append(const char *text)
{
    size_t length = strlen(text) + 32;
    char *entry = malloc(length);
    int fd = entry ? open_file() : -1;
    if (fd >= 0) {
        int n =
            snprintf(entry, length, "#%lld\n%s\n", (long long)time(NULL), text);
        flock(fd, LOCK_SH);
        ssize_t written = write(fd, entry, (size_t)n);
        (void)written;
        close(fd);
    }
    free(entry);
}

void grad_history_add(const char *text)
{
    HIST_ENTRY *last = history_length > 0
                           ? history_get(history_base + history_length - 1)
                           : NULL;
    if (last && !strcmp(last->line, text))
        return;
    add_history(text);
    using_history();
    if (path[0])
        append(text);
}
