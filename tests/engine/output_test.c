// SPDX-License-Identifier: GPL-3.0-or-later
// Saves that are killed, run out of space or may not write leave the old file
// whole and no litter.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "engine/memory.h"
#include "io/output.h"

enum { SIZE = 1 << 20 };

static char folder[64];
static char block[SIZE];

static int setup(void **state)
{
    strcpy(folder, "/tmp/gradus-output-XXXXXX");
    return mkdtemp(folder) && chmod(folder, 0755) == 0 && chdir(folder) == 0
               ? 0
               : -1;
}

static int teardown(void **state)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

static bool save(const char *path, char fill, struct grad_error *error)
{
    struct grad_output *out = grad_output_open(path, error);
    memset(block, fill, SIZE);
    bool fine = out != NULL;
    for (int i = 0; fine && i < 4; i++)
        fine = grad_output_write(out, block, SIZE / 4 + (i ? 0 : 1), error);
    if (fine)
        return grad_output_commit(out, error);
    grad_output_abandon(out);
    return false;
}

// The one byte that the file is full of, or a failed test.
static char content(const char *path)
{
    static char bytes[SIZE + 2];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t n = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_int_equal(n, SIZE + 1);
    for (size_t i = 1; i < n; i++)
        assert_int_equal(bytes[i], bytes[0]);
    return bytes[0];
}

static int files_here(void)
{
    int count = 0;
    DIR *here = opendir(".");
    for (struct dirent *e; (e = readdir(here)) != NULL;)
        count += strcmp(e->d_name, ".") && strcmp(e->d_name, "..");
    closedir(here);
    return count;
}

static void new_and_old(void **state)
{
    struct grad_error error = {0};
    struct stat info;
    assert_true(save("a", 'x', &error));
    assert_int_equal(content("a"), 'x');
    assert_int_equal(chmod("a", 0640), 0);
    assert_true(save("a", 'y', &error));
    assert_int_equal(content("a"), 'y');
    assert_int_equal(stat("a", &info), 0);
    assert_int_equal(info.st_mode & 07777, 0640);
    assert_int_equal(files_here(), 1);
    assert_int_equal(symlink("a", "link"), 0);
    assert_true(save("link", 'z', &error));
    assert_int_equal(content("a"), 'z');
    assert_int_equal(lstat("link", &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_int_equal(unlink("link") | unlink("a"), 0);
}

// A child saves again and again until it is killed.
static void killed_at_any_moment(void **state)
{
    struct grad_error error = {0};
    assert_true(save("k", 'a', &error));
    for (unsigned round = 0; round < 60; round++) {
        pid_t child = fork();
        if (child == 0) {
            for (char c = 'a';; c = c == 'z' ? 'a' : (char)(c + 1)) {
                struct grad_error mine = {0};
                if (!save("k", c, &mine))
                    _exit(1);
            }
        }
        usleep(1000 + round * 7919 % 20000);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        assert_in_range(content("k"), 'a', 'z');
    }
    unlink("k");
    // A kill between the name and the renaming may leave one temporary file.
    assert_in_range(files_here(), 0, 60);
}

// Runs `body` in a child whose answer is its exit code: 0 is right.
static void in_child(int (*body)(void))
{
    int status;
    pid_t child = fork();
    if (child == 0)
        _exit(body());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static int no_space(void)
{
    struct grad_error error = {0};
    struct rlimit limit = {SIZE / 2, SIZE / 2};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    return save("f", 'n', &error) || error.code != GRAD_ERROR_FILE ||
           !strstr(error.message, "cannot save 'f': ");
}

static void out_of_space(void **state)
{
    struct grad_error error = {0};
    assert_true(save("f", 'o', &error));
    int before = files_here();
    in_child(no_space);
    assert_int_equal(content("f"), 'o');
    assert_int_equal(files_here(), before);
    assert_false(save("/dev/full", 'x', &error));
    assert_string_equal(error.message,
                        "cannot save '/dev/full': No space left on device");
    unlink("f");
}

static int no_permission(void)
{
    struct grad_error error = {0};
    if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        return 2;
    return save("r", 'n', &error) || !strstr(error.message, "cannot save 'r'");
}

static void read_only_folder(void **state)
{
    struct grad_error error = {0};
    assert_true(save("r", 'o', &error));
    assert_int_equal(chmod("r", 0666), 0);
    int before = files_here();
    assert_int_equal(chmod(folder, 0555), 0);
    in_child(no_permission);
    assert_int_equal(chmod(folder, 0755), 0);
    assert_int_equal(content("r"), 'o');
    assert_int_equal(files_here(), before);
    unlink("r");
}

static void not_a_file(void **state)
{
    static const char *const paths[] = {"", "no/where", ".", "/", "sub/"};
    for (size_t i = 0; i < 5; i++) {
        struct grad_error error = {0};
        assert_false(save(paths[i], 'x', &error));
        assert_non_null(strstr(error.message, "cannot save"));
    }
    assert_int_equal(grad_memory_stats().live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_and_old),          cmocka_unit_test(out_of_space),
        cmocka_unit_test(read_only_folder),     cmocka_unit_test(not_a_file),
        cmocka_unit_test(killed_at_any_moment),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
