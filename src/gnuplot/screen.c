// SPDX-License-Identifier: GPL-3.0-or-later
#include "gnuplot/screen.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

struct grad_screen_size grad_screen_size(void)
{
    struct winsize w = {0};
    ioctl(STDOUT_FILENO, TIOCGWINSZ, &w);
    return (struct grad_screen_size){w.ws_col, w.ws_row, w.ws_xpixel,
                                     w.ws_ypixel};
}

static bool readable(int milliseconds)
{
    struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&fd, 1, milliseconds) > 0;
}

static int milliseconds_since(const struct timespec *begin)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int)((t.tv_sec - begin->tv_sec) * 1000 +
                 (t.tv_nsec - begin->tv_nsec) / 1000000);
}

// Reads up to the letter that ends the answer, as in "ESC [ ? 62 ; 4 ; 22 c".
static void read_answer(char *answer, size_t room, char end, int milliseconds)
{
    struct timespec begin;
    size_t n = 0;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    while (n + 1 < room) {
        int left = milliseconds - milliseconds_since(&begin);
        if (left <= 0 || !readable(left) ||
            read(STDIN_FILENO, &answer[n], 1) != 1)
            break;
        if (answer[n++] == end)
            break;
    }
    answer[n] = '\0';
}

// One of the numbers between `?` and `c` is 4.
static bool says_sixel(const char *answer)
{
    const char *p = strstr(answer, "\033[?");
    if (!p || !strchr(p, 'c'))
        return false;
    for (p += 3; *p && *p != 'c';) {
        char *end;
        if (strtol(p, &end, 10) == 4 && end > p)
            return true;
        p = *end == ';' ? end + 1 : strchr(p, 'c');
    }
    return false;
}

// Sends a query and reads the answer up to `end`; false if the terminal was
// not asked, because typed input waits or there is no terminal.
static bool ask(const char *query, char *answer, size_t room, char end,
                int milliseconds)
{
    struct termios before, raw;
    bool asked = false;
    answer[0] = '\0';
    if (!isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &before) != 0)
        return false;
    raw = before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    fflush(stdout);
    if (tcsetattr(STDIN_FILENO, TCSANOW, &raw) != 0)
        return false;
    if (!readable(0)) {
        asked = true;
        if (write(STDOUT_FILENO, query, strlen(query)) > 0)
            read_answer(answer, room, end, milliseconds);
    }
    tcsetattr(STDIN_FILENO, TCSANOW, &before);
    return asked;
}

bool grad_screen_has_sixel(int milliseconds, bool *asked)
{
    char answer[64];
    *asked = ask("\033[c", answer, sizeof answer, 'c', milliseconds);
    return *asked && says_sixel(answer);
}

bool grad_screen_ask_pixels(int milliseconds, int *width, int *height)
{
    char answer[64];
    if (!ask("\033[14t", answer, sizeof answer, 't', milliseconds))
        return false;
    const char *p = strstr(answer, "\033[4;");
    return p && sscanf(p, "\033[4;%5d;%5dt", height, width) == 2 &&
           *width > 0 && *height > 0;
}
