#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a live picture costs a training, on a terminal of its own: by the
clocks, turn about with and without it, and in instructions, which no other
program disturbs.

    live.py GRADUS [SCREEN [SECONDS [ROUNDS]]]     text, sixel, none, png, qt
    live.py GRADUS count

Run by hand; text takes two to three minutes with 2 s and 8 rounds."""
import fcntl
import os
import pathlib
import pty
import struct
import subprocess
import sys
import termios
import threading

import count

SCRIPT = pathlib.Path(__file__).resolve().parent / "live.lua"


def drain(terminal):
    try:
        while os.read(terminal, 65536):
            pass
    except OSError:
        pass


def on_terminal(*command):
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
    env = dict(os.environ, TERM="xterm-256color")
    child = subprocess.Popen(command, stdin=theirs, stdout=theirs, env=env)
    os.close(theirs)
    threading.Thread(target=drain, args=(ours,), daemon=True).start()
    return child.wait()


def counted(gradus):
    def each(mode, ops, few, many):
        return count.difference(gradus, few, many, lambda n: (
            SCRIPT, "count", mode, ops, n))
    plain = each("plain", 8, 2000, 22000)
    added = each("add", 8, 2000, 22000) - plain
    print("a step of 8 ops, forward and backward: %.0f instructions" % plain)
    print("adding a number: %.0f, %.1f %%" % (added, 100 * added / plain))
    print("a frame of text: %.2f million" % (
        (each("frame", 1, 20, 60) - each("add", 1, 20, 60)) / 1e6))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    gradus, rest = os.path.abspath(sys.argv[1]), sys.argv[2:]
    if rest == ["count"]:
        return counted(gradus)
    return on_terminal(gradus, "--threads", "1", SCRIPT, *rest)


sys.exit(main())
