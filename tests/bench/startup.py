#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start to prompt: the median of 20, in a pseudo-terminal, beside PyTorch's
import where that is installed. `startup.py PROGRAM [LIMIT_MS]` fails past the
limit.
"""
import os
import pathlib
import pty
import signal
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def to_prompt(program, home):
    """Milliseconds from the start of the program to the prompt's `> `."""
    start = time.perf_counter()
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(HOME=home, TERM="xterm", NO_COLOR="1")
        os.execv(program, [program])
    seen = b""
    while b"> " not in seen:
        seen += os.read(fd, 4096)
    elapsed = time.perf_counter() - start
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(fd)
    return elapsed * 1e3


def to_end(*command):
    start = time.perf_counter()
    done = subprocess.run(command, stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1e3 if done.returncode == 0 else None


def main(program=str(ROOT / "build/src/gradus"), limit="inf"):
    program = os.path.abspath(program)
    with tempfile.TemporaryDirectory() as home:
        prompt = statistics.median(to_prompt(program, home) for _ in range(20))
    code = statistics.median(to_end(program, "-e", "") for _ in range(20))
    torch = to_end("/usr/bin/python3", "-c", "import torch")
    print(f"start to prompt {prompt:.1f} ms, -e '' {code:.1f} ms (medians of 20)")
    print(f"import torch {torch:.0f} ms" if torch else "no PyTorch here")
    return prompt > float(limit)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
