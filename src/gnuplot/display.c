// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "gnuplot/screen.h"

static bool ready(int fd, short events, int milliseconds)
{
    struct pollfd p = {.fd = fd, .events = events};
    return poll(&p, 1, milliseconds) > 0 && (p.revents & events);
}

// Connects without blocking; -1 if that takes too long or fails.
static int connect_within(const struct sockaddr *address, socklen_t size,
                          int milliseconds)
{
    int problem = 0;
    socklen_t length = sizeof problem;
    int fd = socket(address->sa_family,
                    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, address, size) == 0)
        return fd;
    if (errno == EINPROGRESS && ready(fd, POLLOUT, milliseconds) &&
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &problem, &length) == 0 &&
        problem == 0)
        return fd;
    close(fd);
    return -1;
}

static int connect_file(const char *path, int milliseconds)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path)
        return -1;
    memcpy(address.sun_path, path, strlen(path) + 1);
    return connect_within((struct sockaddr *)&address, sizeof address,
                          milliseconds);
}

// Only this machine, as `ssh -X` uses it, and addresses written in numbers: a
// name would have to be looked up, which cannot be given a time limit.
static int connect_host(const char *host, int display, int milliseconds)
{
    char port[16];
    struct addrinfo *found = NULL, hints = {.ai_socktype = SOCK_STREAM,
                                            .ai_flags = AI_NUMERICHOST};
    snprintf(port, sizeof port, "%d", 6000 + display);
    if (!strcmp(host, "localhost"))
        host = "127.0.0.1";
    if (getaddrinfo(host, port, &hints, &found) != 0)
        return -1;
    int fd = connect_within(found->ai_addr, found->ai_addrlen, milliseconds);
    freeaddrinfo(found);
    return fd;
}

// DISPLAY is [HOST]:NUMBER[.SCREEN].
static int connect_x(const char *display, int milliseconds)
{
    char host[256], path[64];
    const char *colon = strrchr(display, ':');
    if (!colon || (size_t)(colon - display) >= sizeof host)
        return -1;
    snprintf(host, sizeof host, "%.*s", (int)(colon - display), display);
    int number = atoi(colon + 1);
    if (host[0] && strcmp(host, "unix") != 0)
        return connect_host(host, number, milliseconds);
    snprintf(path, sizeof path, "/tmp/.X11-unix/X%d", number);
    return connect_file(path, milliseconds);
}

// A server answers a greeting with a byte, even if it refuses the client.
static bool greets_back(int fd, int milliseconds)
{
    static const unsigned char hello[12] = {'l', 0, 11, 0};
    unsigned char answer;
    return send(fd, hello, sizeof hello, MSG_NOSIGNAL) == sizeof hello &&
           ready(fd, POLLIN, milliseconds) && read(fd, &answer, 1) == 1;
}

static bool wayland_answers(int milliseconds)
{
    char path[512];
    const char *name = getenv("WAYLAND_DISPLAY");
    const char *folder = getenv("XDG_RUNTIME_DIR");
    if (!name || !*name || (*name != '/' && !folder))
        return false;
    snprintf(path, sizeof path, "%s%s%s", *name == '/' ? "" : folder,
             *name == '/' ? "" : "/", name);
    int fd = connect_file(path, milliseconds);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

bool grad_screen_has_display(int milliseconds)
{
    const char *display = getenv("DISPLAY");
    int fd = display && *display ? connect_x(display, milliseconds) : -1;
    bool answers = fd >= 0 && greets_back(fd, milliseconds);
    if (fd >= 0)
        close(fd);
    return answers || wayland_answers(milliseconds);
}
