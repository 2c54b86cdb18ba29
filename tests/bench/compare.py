#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs workloads with gradus and with PyTorch in turn, A B A B, and prints the
median of the pair-wise ratios (above 1: gradus is faster).

usage: compare.py [--rounds N] [--threads N] [--gradus PROGRAM] [W1 W2 ...]

Before a workload is timed, it starts from PyTorch's weights and must match its
first losses (agree.py).

The peer is Debian's python3-torch (with libopenblas0-openmp for two threads).
With two threads, rounds in which a cache line takes longer than 150 ns from one
core to the other are left out: the machine is then measuring itself."""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import agree

HERE = pathlib.Path(__file__).resolve().parent
ALL = ["W1", "W2", "W3", "W4", "W5tanh", "W5relu", "W6", "W7", "W8"]
REQUIRED = {1: [11, 1.10, 1.55, 2.4, 1.8, 1.8, 60, 1.2, 2.5],
            2: [11, 1.15, 1.9, 2.5, 1.85, 1.85, None, 1.35, 5]}


def measure(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        sys.exit(f"{' '.join(map(str, command))}: {done.stderr.strip()}")
    return json.loads(lines[-1])


def pingpong(folder):
    """Nanoseconds for a cache line's round trip; 0 where it cannot be told."""
    program = pathlib.Path(folder) / "pingpong"
    if not program.exists() and subprocess.run(
            ["cc", "-O2", "-pthread", "-o", program, HERE / "peer/pingpong.c"],
            check=False).returncode:
        return 0.0
    done = subprocess.run([program], capture_output=True, text=True,
                          check=False)
    numbers = [float(w) for w in done.stdout.replace("=", " ").split()
               if w.replace(".", "", 1).isdigit()]
    return numbers[0] if numbers else 0.0


def compare(name, threads, rounds, program, folder):
    ratios, ours, theirs, memory = [], [], [], []
    tries = 0
    while len(ratios) < rounds and tries < 3 * rounds:
        tries += 1
        before = pingpong(folder) if threads > 1 else 0
        a = measure([program, "--threads", str(threads), *agree.script(name)])
        b = measure([HERE / "peer/best", name, str(threads)])
        after = pingpong(folder) if threads > 1 else 0
        if max(before, after) > 150:
            continue
        ratios.append(b["us_per_step"] / a["us_per_step"])
        ours.append(a["us_per_step"])
        theirs.append(b["us_per_step"])
        memory.append(a["rss_mb"])
    return ratios, ours, theirs, memory


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workloads", nargs="*", default=[])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, action="append")
    parser.add_argument("--gradus", default=str(
        HERE.parent.parent / "build/src/gradus"))
    options = parser.parse_args()
    program = os.path.abspath(options.gradus)
    print(f"{'workload':9}{'threads':>8}{'gradus us':>12}{'peer us':>12}"
          f"{'ratio':>9}{'required':>10}{'rounds':>8}{'MB':>6}")
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for name in options.workloads or ALL:
            if complaint := agree.complaint(name, program, folder):
                print(f"{name:9} {complaint}", flush=True)
                failed = True
                continue
            for threads in options.threads or [1, 2]:
                if name == "W6" and threads > 1:
                    continue
                ratios, ours, theirs, memory = compare(
                    name, threads, options.rounds, program, folder)
                if not ratios:
                    print(f"{name:9}{threads:8}  no quiet round")
                    continue
                need = REQUIRED.get(threads, REQUIRED[1])[ALL.index(name)]
                print(f"{name:9}{threads:8}{statistics.median(ours):12.2f}"
                      f"{statistics.median(theirs):12.2f}"
                      f"{statistics.median(ratios):9.2f}{need or '-':>10}"
                      f"{len(ratios):8}{max(memory):6}", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
