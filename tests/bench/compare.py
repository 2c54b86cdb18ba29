#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs workloads with gradus and with PyTorch in turn, A B A B, and prints a
table in Markdown: the median of the pair-wise ratios (above 1: gradus is
faster), the least and the largest of them, and what is required.

Without names all are run, in nine minutes at most. Before a workload is timed,
it starts from PyTorch's weights and must match its first losses (agree.py).
Every round takes all workloads once, so that what disturbs the machine for a
while spoils one pair of each and no median; ^C prints what there is.

With two threads, pairs in which a cache line takes longer than 150 ns from one
core to the other are left out: the machine is then measuring itself. Where no
pair was free of that, the far ones are shown and marked.

The peer is Debian's python3-torch (with libopenblas0-openmp for two threads);
without it the exit code is 77, which meson counts as skipped. It is 1 where a
workload fails or does not agree, or, with --require, a ratio is short."""
import argparse
import json
import os
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

import agree
import machine
import startup

HERE = pathlib.Path(__file__).resolve().parent
# name: (what it is, ratios required by number of threads)
WORKLOADS = {
    "W1": ("spiral, MLP 2-64-64-3, Adam", {1: 11, 2: 11}),
    "W2": ("MLP 784-512-256-10, SGD", {1: 1.10, 2: 1.15}),
    "W3": ("W2 with batch norm, dropout, Adam", {1: 1.55, 2: 1.9}),
    "W4": ("LeNet, SGD", {1: 2.4, 2: 2.5}),
    "W5tanh": ("50 layers, Xavier, statistics", {1: 1.8, 2: 1.85}),
    "W5relu": ("50 layers, Kaiming, statistics", {1: 1.8, 2: 1.85}),
    "W6": ("Rosenbrock, two numbers, Adam", {1: 60}),
    "W7": ("autoencoder, Adam", {1: 1.2, 2: 1.35}),
    "W8": ("ten million normals", {1: 2.5, 2: 5}),
}
START, START_REQUIRED = "start", 40
MEMORY_LIMIT = 40  # MB of W2 beyond its data
W2_DATA = 60000 * 784 * 4 / 2**20  # MB
SPARE_SECONDS = 60  # to wait in all for cores to come near again


class Failure(Exception):
    """A program that printed no figure, with what it said instead."""


def measure(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        said = done.stderr.strip().splitlines() or ["no output"]
        raise Failure(f"{' '.join(map(str, command))}: {said[-1]}")
    return json.loads(lines[-1])


class Row:
    """One line of the table: its pairs so far, those with far cores apart."""

    def __init__(self, label, threads, required):
        self.label, self.threads, self.required = label, threads, required
        self.near, self.far = [], []
        self.agrees, self.error = "", None

    def pairs(self):
        return self.near or self.far

    def ratio(self):
        return statistics.median(b / a for a, b in self.pairs())

    def holds(self):
        return bool(self.pairs()) and (not self.required
                                       or self.ratio() >= self.required)

    def remark(self):
        words = [self.agrees] if self.agrees else []
        if self.pairs() and not self.holds():
            words.append("short")
        if self.far and not self.near:
            words.append("far cores")
        return ", ".join(words)

    def cells(self):
        """Cells of the table, from microseconds."""
        head = [self.label, self.threads]
        if self.error or not self.pairs():
            return head + [""] * 5 + [0, self.error or "no pair was taken"]
        ratios = [b / a for a, b in self.pairs()]
        ours, theirs = map(statistics.median, zip(*self.pairs()))
        return head + [duration(ours), duration(theirs),
                       f"**{times(self.ratio())}**",
                       f"{times(min(ratios))} to {times(max(ratios))}",
                       times(self.required) if self.required else "",
                       len(ratios), self.remark()]


class Workload(Row):
    """A row whose pairs are runs of a workload."""

    def __init__(self, name, threads, run):
        title, required = WORKLOADS[name]
        super().__init__(f"{name} {title}", threads, required.get(threads))
        self.name, self.run = name, run
        self.memory = []

    def take(self):
        """One more pair, unless the workload has failed."""
        if self.error:
            return
        try:
            ours, theirs, near = self.run.pair(self.name, self.threads)
        except Failure as failure:
            self.error = str(failure)
            return
        pair = ours["us_per_step"], theirs["us_per_step"]
        (self.near if near else self.far).append(pair)
        self.memory.append((ours["rss_mb"], theirs["rss_mb"]))


class Run:
    """Takes pairs, and knows how much time is left."""

    def __init__(self, program, folder, minutes):
        self.program, self.folder = program, folder
        self.end = time.monotonic() + 60 * minutes
        self.cores = machine.Cores(folder)
        self.spare = SPARE_SECONDS

    def over(self):
        return time.monotonic() > self.end

    def wait_for_near_cores(self):
        while not self.cores.near():
            if self.spare <= 0 or self.over():
                return False
            time.sleep(1)
            self.spare -= 1
        return True

    def pair(self, name, threads):
        near = threads == 1 or self.wait_for_near_cores()
        ours = measure([self.program, "--threads", str(threads),
                        *agree.script(name)])
        theirs = measure([HERE / "peer/best", name, str(threads)])
        return ours, theirs, near and (threads == 1 or self.cores.near())

    def agreement(self, name):
        """How far the first losses are from PyTorch's, and a complaint."""
        if name not in agree.ALL:
            return "", None
        try:
            off, most = agree.distance(name, self.program, self.folder)
        except agree.Failure as failure:
            return "", str(failure)
        said = f"losses to {off:.0e}" if off else "losses equal"
        return said, agree.complaint(off, most)


def duration(us):
    if us < 1000:
        return f"{us:.3g} us" if us < 100 else f"{us:.0f} us"
    return f"{us / 1000:.3g} ms" if us < 1e5 else f"{us / 1000:.0f} ms"


def times(ratio):
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.3g}"


def workloads(names, threads, run):
    """The rows of the workloads that agree with PyTorch, and of those that do
    not, with the reason."""
    rows = []
    for name in names:
        agrees, error = run.agreement(name)
        progress(f"{name} {error or agrees or 'has no losses'}")
        for count in threads:
            if name == "W6" and count > 1:
                continue
            row = Workload(name, count, run)
            row.agrees, row.error = agrees, error
            rows.append(row)
    return rows


def progress(text):
    print(text, file=sys.stderr, flush=True)


def take_rounds(rows, rounds, run):
    """All rows once a round; then those again whose cores were far."""
    for number in range(1, rounds + 1):
        progress(f"round {number} of {rounds}")
        for row in rows:
            if run.over():
                progress("the time is over")
                return
            row.take()
    for _ in range(rounds):
        for row in rows:
            if len(row.near) < rounds and not row.error and not run.over() \
                    and row.threads > 1 and run.wait_for_near_cores():
                row.take()


def start_row(program, rounds):
    row = Row("start to prompt, beside python3 and import torch", "",
              START_REQUIRED)
    progress("start to prompt")
    row.near = [(a * 1000, b * 1000)
                for a, b in startup.rounds(program, rounds)]
    return row


def memory_cells(rows):
    """The most that gradus took for W2 and the least that PyTorch did."""
    seen = [m for row in rows if row.label.startswith("W2")
            for m in row.memory]
    if not seen:
        return None
    ours = max(a for a, _ in seen) - W2_DATA
    theirs = min(b for _, b in seen) - W2_DATA
    return [f"peak memory of W2 beyond its data ({W2_DATA:.0f} MB)", "",
            f"{ours:.0f} MB", f"{theirs:.0f} MB", f"**{theirs / ours:.1f}**",
            "", f"under {MEMORY_LIMIT} MB", len(seen),
            "" if ours < MEMORY_LIMIT else "short"]


HEAD = ["workload", "threads", "gradus", "PyTorch", "ratio", "least to most",
        "required", "pairs", "remarks"]


def table(rows):
    lines = [HEAD, ["---"] + ["---:"] * 7 + ["---"]] + rows
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |"
                     for line in lines)


def parse():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    known = [*WORKLOADS, START]
    parser.add_argument("names", nargs="*", metavar="NAME",
                        help="some of " + " ".join(known) + "; else all")
    parser.add_argument("--rounds", type=int, default=5, metavar="N",
                        help="pairs of each workload (5)")
    parser.add_argument("--threads", type=int, action="append", metavar="N",
                        help="may be given more than once (1 and 2)")
    parser.add_argument("--minutes", type=float, default=9, metavar="M",
                        help="no round begins later (9)")
    parser.add_argument("--require", action="store_true",
                        help="fail where a ratio is short")
    parser.add_argument("--gradus", metavar="PROGRAM", default=str(
        HERE.parent.parent / "build/src/gradus"),
                        help="build/src/gradus of this checkout, if not given")
    options = parser.parse_args()
    for name in options.names:
        if name not in known:
            parser.error(f"no workload {name}; there are {' '.join(known)}")
    options.names = options.names or known
    options.threads = options.threads or [1, 2][:os.cpu_count()]
    options.gradus = machine.find_program(parser, options.gradus)
    return options


def main():
    options = parse()
    if not agree.has_torch():
        print("skipped: python3-torch is not installed")
        return 77
    program = options.gradus
    about = machine.describe(program) + machine.remarks(options.threads)
    command = shlex.join(["tests/bench/compare.py", *sys.argv[1:]])
    print("\n".join([*about, f"Command: `{command}`"]) + "\n", flush=True)
    started, rows, extra = time.monotonic(), [], []
    with tempfile.TemporaryDirectory() as folder:
        run = Run(program, folder, options.minutes)
        try:
            if START in options.names:
                extra.append(start_row(program, options.rounds))
            rows += workloads([n for n in options.names if n != START],
                              options.threads, run)
            take_rounds(rows, options.rounds, run)
        except KeyboardInterrupt:
            progress("interrupted")
    memory = memory_cells(rows)
    rows += extra
    print(table([row.cells() for row in rows] + [memory] * bool(memory)))
    short = [f"{row.label.split()[0]} with {row.threads or 1} thread(s)"
             for row in rows if not row.holds()]
    short += ["memory"] * bool(memory and memory[-1])
    print(f"\n{time.monotonic() - started:.0f} s. "
          + (f"Short or missing: {', '.join(short)}." if short
             else "All ratios are at or above what is required."))
    failed = any(row.error for row in rows)
    return int(failed or (options.require and bool(short)))


if __name__ == "__main__":
    sys.exit(main())
