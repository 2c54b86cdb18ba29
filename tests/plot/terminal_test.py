#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures on a terminal: what is chosen and what is written.

    terminal_test.py GRADUS
"""
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile

import pexpect

GRADUS = os.path.abspath(sys.argv[1])
DRAW = "plot.curve({1, 4, 9}, {title = 'squares'}):show() print('returned')"
PATIENCE = 300  # seconds until a program counts as hung: a machine may be slow and busy
failures = []


# Children begin as in a shell, whatever whoever runs the tests ignores or blocks.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.pthread_sigmask(signal.SIG_SETMASK, [])


def check(name, ok, seen=""):
    print(("ok   " if ok else "FAIL ") + name, flush=True)
    if not ok:
        failures.append(name)
        print(repr(seen)[-3000:])


def environment(home, **more):
    env = {k: v for k, v in os.environ.items() if k not in (
        "DISPLAY", "WAYLAND_DISPLAY", "NO_COLOR", "GNUTERM", "COLORTERM",
        "LC_ALL", "LC_CTYPE")}
    env.update(HOME=home, TMPDIR=home, TERM="xterm-256color", LANG="C.UTF-8")
    env.update(more)
    return {k: v for k, v in env.items() if v is not None}


def run(code, answer=None, **env):
    """Runs code in a terminal that gives `answer` to the query for its
    abilities; what was written."""
    if answer:
        env["GRADUS_WAIT"] = "100000"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        path = os.path.join(home, "script.lua")
        with open(path, "w", encoding="utf-8") as file:
            file.write(code)
        child = pexpect.spawn(GRADUS, [path], dimensions=(24, 80), timeout=PATIENCE,
                              env=environment(home, **env), cwd=home)
        seen = b""
        if answer:
            child.delaybeforesend = None
            child.expect_exact(b"\033[c")
            seen = child.before
            child.send(answer)
        child.expect(pexpect.EOF)
        return seen + child.before


def choosing():
    seen = run(DRAW, b"\033[?62;4;22c")
    check("a terminal that can shows sixel", b"\033Pq" in seen or
          re.search(rb"\033P[0-9;]*q", seen) is not None, seen[:300])
    seen = run(DRAW, b"\033[?1;2c")
    check("a terminal that cannot shows text", b"squares" in seen and
          "⠉".encode() in seen and b"\033P" not in seen, seen)
    check("text in colour", b"\033[38;5;" in seen, seen)
    check("no line is wider than the screen", all(
        len(re.sub(r"\033\[[0-9;?]*[a-zA-Z]", "", line)) <= 80
        for line in seen.decode().splitlines()), seen)
    check("fits 24 lines", seen.count(b"\n") <= 24, seen)
    seen = run(DRAW)
    check("a terminal that does not answer shows text, in time",
          b"squares" in seen, seen)


def quiet():
    for name, env in (("NO_COLOR", {"NO_COLOR": "1"}),
                      ("TERM=dumb", {"TERM": "dumb"})):
        seen = run(DRAW, **env)
        check(name + ": not one escape byte", b"\033" not in seen and
              b"squares" in seen, seen)
    seen = run(DRAW, LANG="C", LC_ALL="POSIX", TERM="vt100")
    check("a locale without UTF-8: ASCII only",
          all(byte < 128 for byte in seen) and b"squares" in seen, seen)
    seen = run(DRAW, GNUTERM="dumb")
    check("GNUTERM=dumb: gnuplot's own characters, no form feed",
          b"\f" not in seen and b"squares" in seen, seen)
    seen = run("plot.terminal('text') " + DRAW, GNUTERM="png")
    check("plot.terminal comes before GNUTERM", b"squares" in seen, seen)
    seen = run(DRAW, PATH="/nowhere")
    check("no gnuplot: one sentence and a picture as text", seen.count(
        b"gnuplot is not there") == 1 and b"squares" in seen, seen)


def bare():
    """A fresh machine, where nothing is set, and a session over SSH, which has no display: Torch's
    package said "terminal is not set" there, or showed nothing."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        done = subprocess.run([GRADUS, "-e", DRAW], cwd=home, env={"PATH": os.environ["PATH"]},
                              capture_output=True, text=True, timeout=PATIENCE)
        check("nothing is set: a file, and its name", done.stdout ==
              "picture: picture-1.png\nreturned\n" and not done.stderr and
              os.path.exists(os.path.join(home, "picture-1.png")), (done.stdout, done.stderr))
        done = subprocess.run(
            [GRADUS, "-e", "plot.confusion(tensor{{3, 1}, {0, 4}}):save('a.png') print('saved')"], cwd=home,
            env={"PATH": os.environ["PATH"], "GNUTERM": "nosuch"}, capture_output=True, text=True,
            timeout=PATIENCE)
        check("GNUTERM names what gnuplot lacks: a picture with data all the same",
              done.stdout == "saved\n", (done.stdout, done.stderr))
    seen = run(DRAW, SSH_CONNECTION="10.0.0.1 50000 10.0.0.2 22", SSH_TTY="/dev/pts/9")
    check("over SSH: a picture in the terminal, in time",
          b"squares" in seen and "⠉".encode() in seen, seen)


def displays():
    """A display that never answers must not hold the picture."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = socket.socket(socket.AF_INET)
        server.bind(("127.0.0.1", 0))
        server.listen(5)
        port = server.getsockname()[1]
        for name, value in (
                ("a display that is not there", ":987"),
                ("a host that cannot be found", "no.such.host:0"),
                ("a display that takes the connection and is silent",
                 f"127.0.0.1:{port - 6000}")):
            seen = run(DRAW, DISPLAY=value)
            check(name, b"squares" in seen, seen)
        seen = run("plot.terminal('x11') " + DRAW, DISPLAY=":987")
        check("a window asked for without a display: a sentence, text",
              b"no window" in seen and b"squares" in seen, seen)
        server.close()


def typed_ahead():
    """What was typed before the picture came is not swallowed by the query."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        path = os.path.join(home, "script.lua")
        with open(path, "w", encoding="utf-8") as file:
            file.write("print('ready') local typed repeat typed = io.open('typed') until typed "
                       + DRAW + " print('got ' .. io.read())")
        child = pexpect.spawn(GRADUS, [path], dimensions=(24, 80), timeout=PATIENCE,
                              env=environment(home), cwd=home)
        child.expect_exact("ready")
        child.sendline("typed ahead")
        open(os.path.join(home, "typed"), "w", encoding="utf-8").close()
        child.expect(pexpect.EOF)
        check("what was typed ahead stays", b"got typed ahead" in child.before,
              child.before)


def interrupts():
    """Ctrl-C while gnuplot is busy comes back to the prompt at once."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        child = pexpect.spawn(GRADUS, [], dimensions=(24, 80), timeout=PATIENCE,
                              env=environment(home), cwd=home)
        child.expect("> ")
        child.sendline("print('be' .. 'gun') "
                       "require('gradus.gnuplot').run('pause 6000', 6000)")
        child.expect("begun")
        child.send(b"\x03")
        child.expect("interrupted")
        child.sendline("print('alive', 40 + 2)")
        child.expect("alive\t42|alive +42")
        child.sendline(":quit")
        child.expect(pexpect.EOF)


def prompt():
    """A figure shows itself; a semicolon silences it; :plot chooses."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        child = pexpect.spawn(GRADUS, ["--terminal", "text"], timeout=PATIENCE,
                              dimensions=(24, 80), env=environment(home),
                              cwd=home)
        child.expect("> ")
        child.sendline("f = plot.curve({1, 4, 9}, {title = 'itself'})")
        child.sendline("f;")
        child.sendline("f")
        child.sendline("print('e' .. 'nd')")
        child.expect("end")
        seen = child.before
        check("a figure shows itself at the prompt, once",
              len(re.findall(rb" {8,}itself", seen)) == 1 and
              "⠉".encode() in seen, seen)
        child.sendline(":plot sixle")
        child.expect("Did you mean 'sixel'")
        child.sendline(":quit")
        child.expect(pexpect.EOF)


LIVE = """
plot.terminal('%s')
local live = plot.live{title = 'loss', ylabel = 'loss'}
local gnuplot = require 'gradus.gnuplot'
local begin, n = gnuplot.clock(), 0
local frames = tonumber(os.getenv("FRAMES")) -- on a busy machine they take their time
while gnuplot.clock() - begin < 1.2 or live.frames < frames do
  n = n + 1
  live:add('train', 1 / n)
end
live:close()
print(('frames %%d seconds %%.3f'):format(live.frames, gnuplot.clock() - begin))
"""

# The same on a clock of the test's own: 1 ms a step, some for each frame. What is drawn is real.
COUNTED = """
plot.terminal('%s')
local gnuplot = require 'gradus.gnuplot'
local now, cost = 0, %d * 1e-3
local fig = plot.curve({1, 4, 9}, {title = 'counted'})
local live = plot.live{clock = function() return now end, figure = function()
  now = now + cost
  return fig
end}
local worst = 0
for step = 1, 5000 do
  now = now + 1e-3
  live:update()
  while live.files and gnuplot.busy() do gnuplot.sleep(0.001) end
  worst = math.max(worst, live.pace.spent / now)
end
print(('frames %%d worst %%.4f end %%.4f'):format(live.frames, worst, live.pace.spent / now))
"""


def large():
    """plot.size("large"): the whole terminal, asked for its pixels where the system has none."""
    script = "plot.terminal('sixel') plot.size('large') " + DRAW + " " + DRAW
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        path = os.path.join(home, "script.lua")
        with open(path, "w", encoding="utf-8") as file:
            file.write(script)
        for answer, wanted in ((b"\033[4;1040;1800t", (b"1800", b"962")), (b"", (b"1080", b"666"))):
            wait = "100000" if answer else "100"
            child = pexpect.spawn(GRADUS, [path], dimensions=(40, 120), timeout=PATIENCE,
                                  env=environment(home, GRADUS_WAIT=wait), cwd=home)
            child.delaybeforesend = None
            child.expect_exact(b"\033[14t")
            child.send(answer)
            child.expect(pexpect.EOF)
            sizes = re.findall(rb'\033P[0-9;]*q"1;1;(\d+);(\d+)', child.before)
            check(f"large sixel, the terminal says {answer!r}", sizes == [wanted, wanted], sizes)
            check("asked once", b"\033[14t" not in child.before, child.before[:200])
    seen = run("plot.terminal('text') plot.size('large') " + DRAW)
    lines = re.sub(r"\033\[[0-9;?]*[a-zA-Z]", "", seen.decode()).splitlines()
    check("large text fills the screen and scrolls nothing away",
          20 <= len(lines) <= 23 and 76 <= max(map(len, lines)) <= 79, lines)


def live():
    seen = run(LIVE % "text", FRAMES="2")
    found = re.search(rb"frames (\d+) seconds ([0-9.]+)", seen)
    check("live text says how often it was drawn", found is not None, seen)
    if found:
        # What share of the time it takes, a busy machine cannot tell: see counted().
        frames, seconds = int(found.group(1)), float(found.group(2))
        check("at most ten redraws a second", 2 <= frames <= 10 * seconds + 2, (frames, seconds))
        check("drawn in place", seen.count(b"A\r") == frames - 1, (frames, seen))
    seen = run(LIVE % "text", TERM="dumb", FRAMES="0")
    check("live on a dumb terminal: only the last frame, no escape",
          b"\033" not in seen and seen.count(b"loss\r\n") <= 3, seen)
    seen = run(LIVE % "sixel", FRAMES="1")
    found = re.search(rb"frames (\d+) seconds ([0-9.]+)", seen)
    check("live sixel draws", found is not None and int(found.group(1)) >= 1, seen[-200:])
    if found:
        pictures = len(re.findall(rb"\033P[0-9;]*q", seen))
        check("live sixel: each frame is a picture at one place", pictures == int(found.group(1)) and
              seen.count(b"\0337") == seen.count(b"\0338") == pictures, pictures)
        check("live sixel: ended, each picture is closed", seen.count(b"\033\\") >= pictures, pictures)


def counted():
    """Under 5 % of the time on every screen, however long a frame takes."""
    for name, mark in (("text", b"counted"), ("sixel", rb"\033P[0-9;]*q")):
        for cost in (2, 7, 20):
            seen = run(COUNTED % (name, cost))
            found = re.search(rb"frames (\d+) worst ([0-9.]+) end ([0-9.]+)", seen)
            check(f"live {name}, {cost} ms a frame: counted", found is not None, seen[-300:])
            if not found:
                continue
            frames, worst, end = (float(found.group(i)) for i in (1, 2, 3))
            check(f"live {name}, {cost} ms a frame: {frames:.0f} frames, {100 * end:.1f} % of the time, "
                  f"{100 * worst:.1f} % at most", end <= 0.025 and worst <= 0.1 and frames >= 5
                  and len(re.findall(mark, seen)) == frames, (found.group(0), seen[:200]))


for part in (choosing, quiet, bare, displays, typed_ahead, interrupts, prompt,
             large, live, counted):
    part()
sys.exit(1 if failures else 0)
