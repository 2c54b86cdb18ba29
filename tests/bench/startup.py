#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start to prompt in a pseudo-terminal: gradus, and python3 with PyTorch
imported where that is installed. `startup.py PROGRAM [LIMIT_MS]` fails when
the median of gradus is past the limit."""
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
PEER = ["/usr/bin/python3", "-i", "-c", "import torch"]


def to_prompt(command, prompt, home):
    """Milliseconds from the start of a program to its prompt."""
    start = time.perf_counter()
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(HOME=home, TERM="xterm", NO_COLOR="1")
        os.execv(command[0], command)
    seen = b""
    while prompt not in seen:
        seen += os.read(fd, 4096)
    elapsed = time.perf_counter() - start
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(fd)
    return elapsed * 1e3


def gradus_to_prompt(program, home):
    return to_prompt([program], b"> ", home)


def torch_to_prompt(home):
    return to_prompt(PEER, b">>> ", home)


def has_torch():
    return subprocess.run([PEER[0], "-c", "import torch"], check=False,
                          stderr=subprocess.DEVNULL).returncode == 0


def rounds(program, count):
    """Pairs of milliseconds (gradus, PyTorch), taken in turn; the first, which
    warms the file cache, is left out."""
    with tempfile.TemporaryDirectory() as home:
        pairs = [(statistics.median(gradus_to_prompt(program, home)
                                    for _ in range(5)),
                  torch_to_prompt(home)) for _ in range(count + 1)]
    return pairs[1:]


def main(program=str(ROOT / "build/src/gradus"), limit="inf"):
    program = os.path.abspath(program)
    with tempfile.TemporaryDirectory() as home:
        prompt = statistics.median(gradus_to_prompt(program, home)
                                   for _ in range(20))
    print(f"start to prompt {prompt:.1f} ms (median of 20)")
    if has_torch():
        pairs = rounds(program, 3)
        torch = statistics.median(b for _, b in pairs)
        ratio = statistics.median(b / a for a, b in pairs)
        print(f"python3 and import torch to its prompt {torch:.0f} ms: "
              f"{ratio:.0f} times as long (median of 3 pairs)")
    else:
        print("no PyTorch here")
    return prompt > float(limit)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
