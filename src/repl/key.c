// SPDX-License-Identifier: GPL-3.0-or-later
#include "repl/key.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <termios.h>
#include <unistd.h>

#include "repl/interrupt.h"

// The rest of a key's sequence follows its escape byte at once.
#define SEQUENCE_MS 50

static bool begin_keys(struct termios *before)
{
    if (tcgetattr(STDIN_FILENO, before) != 0)
        return false;
    struct termios keys = *before;
    keys.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    keys.c_iflag &= ~(tcflag_t)ICRNL;
    keys.c_cc[VMIN] = 0; // see input.h: Ctrl-C drops what was waited for
    keys.c_cc[VTIME] = 0;
    return tcsetattr(STDIN_FILENO, TCSADRAIN, &keys) == 0;
}

static bool read_byte(char *byte)
{
    return grad_interrupt_wait(STDIN_FILENO, -1) &&
           read(STDIN_FILENO, byte, 1) == 1;
}

static bool more_follows(void)
{
    struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&fd, 1, SEQUENCE_MS) > 0;
}

// How many bytes follow the first one of a character.
static int continuation(unsigned char first)
{
    return first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
}

static size_t read_key(char *bytes, size_t most)
{
    size_t n = 0;
    if (!read_byte(bytes))
        return 0;
    n = 1;
    for (int i = continuation((unsigned char)bytes[0]); i > 0 && n < most; i--)
        if (read_byte(bytes + n))
            n++;
    if (bytes[0] != '\033')
        return n;
    while (n < most && more_follows() && read_byte(bytes + n)) {
        char c = bytes[n++];
        if (n > 2 && c >= '@' && c <= '~')
            break;
        if (n == 2 && c != '[' && c != 'O')
            break;
    }
    return n;
}

size_t grad_key_read(char *bytes, size_t most)
{
    struct termios before;
    grad_interrupt_catch_termination();
    bool is_terminal = begin_keys(&before);
    size_t n = read_key(bytes, most);
    if (is_terminal)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
    return n;
}
