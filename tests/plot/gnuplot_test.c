// SPDX-License-Identifier: GPL-3.0-or-later
// The process and its session, with programs that stand in for gnuplot.
#include "gnuplot/gnuplot.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "gnuplot/process.h"
#include "gnuplot/screen.h"
#include "gnuplot/text.h"

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

// A shell script in the working folder that acts as gnuplot; it removes itself.
static struct grad_gnuplot *stand_in(const char *script)
{
    char path[] = "./stand-in-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    dprintf(fd, "#!/bin/sh\nrm -f \"$0\"\n%s\n", script);
    fchmod(fd, 0700);
    close(fd);
    struct grad_gnuplot *g = grad_gnuplot_new(path);
    struct grad_error error = {0};
    grad_gnuplot_post(g, "", 0, &error); // starts it
    return g;
}

// Answers each `print 'mark-... N ', ...` as gnuplot would.
#define ANSWERS(errno_text)                                                    \
    "while read -r line; do case \"$line\" in print*) "                        \
    "m=${line#*\\'}; echo \"${m%%\\'*}" errno_text "\";; esac; done"

static void test_an_answer(void **state)
{
    struct grad_error error = {0};
    struct grad_gnuplot *g = stand_in("echo hello\n" ANSWERS("0 "));
    assert_non_null(grad_gnuplot_run(g, "x", 1, 300, &error));
    assert_int_equal(error.code, GRAD_OK);
    assert_false(grad_gnuplot_busy(g));
    grad_gnuplot_free(g);
}

static void test_an_error_of_gnuplot(void **state)
{
    struct grad_error error = {0};
    struct grad_gnuplot *g = stand_in(ANSWERS("1 no such thing"));
    assert_null(grad_gnuplot_run(g, "x", 1, 300, &error));
    assert_int_equal(error.code, GRAD_ERROR_STATE);
    assert_string_equal(error.message, "gnuplot: no such thing");
    grad_gnuplot_free(g);
}

static void test_silence_ends_in_time(void **state)
{
    struct grad_error error = {0};
    struct grad_gnuplot *g = stand_in("exec sleep 600");
    double begin = now();
    assert_null(grad_gnuplot_run(g, "x", 1, 0.2, &error));
    assert_int_equal(error.code, GRAD_ERROR_CALLBACK);
    assert_true(now() - begin < 300);
    assert_int_equal(grad_gnuplot_pid(g), 0);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); // no child, no zombie
    grad_gnuplot_free(g);
}

static void test_a_reader_that_does_not_read(void **state)
{
    size_t size = 4 << 20;
    char *text = malloc(size);
    memset(text, 'x', size);
    struct grad_error error = {0};
    struct grad_gnuplot *g = stand_in("exec sleep 600");
    double begin = now();
    assert_true(grad_gnuplot_post(g, text, size, &error));
    assert_true(now() - begin < 300);
    assert_true(grad_gnuplot_busy(g));
    assert_null(grad_gnuplot_run(g, "x", 1, 0.2, &error));
    assert_int_equal(error.code, GRAD_ERROR_CALLBACK);
    grad_gnuplot_free(g);
    free(text);
}

static void test_death_is_told(void **state)
{
    struct grad_error error = {0};
    struct grad_gnuplot *g = stand_in("read line; echo I am out; exit 3");
    assert_null(grad_gnuplot_run(g, "x\ny\n", 4, 300, &error));
    assert_int_equal(error.code, GRAD_ERROR_FILE);
    assert_int_equal(grad_gnuplot_pid(g), 0);
    grad_gnuplot_free(g);
}

static bool yes(void *calls)
{
    return ++*(int *)calls > 2;
}

static void test_an_interrupt_keeps_the_process(void **state)
{
    int calls = 0;
    char script[256], go_on[64];
    struct grad_error error = {0};
    snprintf(go_on, sizeof go_on, "./go-on-%d", (int)getpid());
    snprintf(script, sizeof script, "until [ -e %s ]; do sleep 0.02; done\n%s",
             go_on, ANSWERS("0 "));
    struct grad_gnuplot *g = stand_in(script);
    grad_gnuplot_on_wait(g, yes, &calls);
    assert_null(grad_gnuplot_run(g, "x", 1, 300, &error));
    assert_int_equal(error.code, GRAD_ERROR_INTERRUPTED);
    assert_string_equal(error.message, "interrupted");
    assert_true(grad_gnuplot_pid(g) != 0);
    close(open(go_on, O_CREAT | O_WRONLY, 0600));
    grad_gnuplot_on_wait(g, NULL, NULL);
    grad_error_clear(&error);
    assert_non_null(grad_gnuplot_run(g, "y", 1, 300, &error));
    grad_gnuplot_free(g);
    unlink(go_on);
}

static void test_a_missing_program(void **state)
{
    struct grad_error error = {0};
    struct grad_gnuplot *g = grad_gnuplot_new("no-such-program");
    assert_null(grad_gnuplot_run(g, "x", 1, 1, &error));
    assert_int_equal(error.code, GRAD_ERROR_FILE);
    assert_string_equal(error.message, "no-such-program does not start: No "
                                       "such file or directory");
    grad_gnuplot_free(g);
}

// A child that ignores the end of its input is killed with its group.
static void test_a_stubborn_child_is_killed(void **state)
{
    char shell[] = "sh", flag[] = "-c";
    char script[] = "trap '' TERM HUP PIPE; sleep 600 & sleep 600; sleep 600";
    char *argv[] = {shell, flag, script, NULL};
    struct grad_process child;
    struct grad_error error = {0};
    assert_true(grad_process_start(&child, argv, &error));
    double begin = now();
    grad_process_end(&child, 100);
    assert_true(now() - begin < 300);
    assert_int_equal(child.pid, 0);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    grad_process_end(&child, 100); // a second time does nothing
}

static void test_text(void **state)
{
    struct grad_text t = {0};
    for (int i = 0; i < 10000; i++)
        assert_true(grad_text_add(&t, "0123456789", 10));
    assert_int_equal(t.size, 100000);
    grad_text_drop(&t, 99995);
    assert_string_equal(t.bytes, "56789");
    assert_false(grad_text_add(&t, "", SIZE_MAX / 2));
    assert_string_equal(t.bytes, "56789");
    grad_text_clear(&t);
    assert_string_equal(t.bytes, "");
    grad_text_free(&t);
}

static void test_displays(void **state)
{
    static const char *const wrong[] = {"",
                                        ":",
                                        "x",
                                        ":99987",
                                        "unix:99987",
                                        "no.such.host:0",
                                        "127.0.0.1:59000"};
    unsetenv("WAYLAND_DISPLAY");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        setenv("DISPLAY", wrong[i], 1);
        double begin = now();
        assert_false(grad_screen_has_display(200));
        assert_true(now() - begin < 300);
    }
    unsetenv("DISPLAY");
    assert_false(grad_screen_has_display(200));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_answer),
        cmocka_unit_test(test_an_error_of_gnuplot),
        cmocka_unit_test(test_silence_ends_in_time),
        cmocka_unit_test(test_a_reader_that_does_not_read),
        cmocka_unit_test(test_death_is_told),
        cmocka_unit_test(test_an_interrupt_keeps_the_process),
        cmocka_unit_test(test_a_missing_program),
        cmocka_unit_test(test_a_stubborn_child_is_killed),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_displays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
