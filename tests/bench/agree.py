#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the workloads compute what PyTorch computes: each starts from
PyTorch's own weights, sees the same minibatches and must match its first 20
losses (W5: the standard deviations of 20 activations and 20 gradients).

usage: agree.py [--gradus PROGRAM] [W1 W2 ...]

Exit code 77, which meson counts as skipped, where python3-torch is missing."""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = "/usr/bin/python3"
ALL = ["W1", "W2", "W3", "W4", "W5tanh", "W5relu", "W6", "W7"]
# float32 alone is below 1e-5; what differs in the arithmetic is far beyond.
MOST = 1e-4


def script(name):
    """The Lua file of a workload, and the arguments that choose it."""
    if name.startswith("W5"):
        return [HERE / "W5.lua", name[2:]]
    return [HERE / f"{name}.lua"]


def has_torch():
    return subprocess.run([PYTHON, "-c", "import torch"], check=False,
                          stderr=subprocess.DEVNULL).returncode == 0


def worst(name, program, folder):
    """The largest relative distance of the losses, or None with an error."""
    file = pathlib.Path(folder) / f"{name}.safetensors"
    subprocess.run([PYTHON, HERE / "peer/first_losses.py", name, file],
                   check=True)
    done = subprocess.run([program, *script(name), "--agree", file],
                          capture_output=True, text=True, check=False)
    file.unlink()
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        sys.exit(f"{name}: {done.stderr.strip()}")
    return json.loads(lines[-1])["worst"]


def complaint(name, program, folder):
    """A sentence where a workload does not agree; W8 has nothing to compare."""
    if name not in ALL:
        return None
    off = worst(name, program, folder)
    if off <= MOST:
        return None
    return f"losses differ from PyTorch's by {off:.2g}; at most {MOST:g}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workloads", nargs="*", default=[])
    parser.add_argument("--gradus", default=str(
        HERE.parent.parent / "build/src/gradus"))
    options = parser.parse_args()
    if not has_torch():
        print("skipped: python3-torch is not installed")
        sys.exit(77)
    program, bad = os.path.abspath(options.gradus), 0
    with tempfile.TemporaryDirectory() as folder:
        for name in options.workloads or ALL:
            off = worst(name, program, folder)
            print(f"{name:8} {off:.2g}{'' if off <= MOST else '   too much'}",
                  flush=True)
            bad += off > MOST
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
