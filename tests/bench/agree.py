#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the workloads compute what PyTorch computes: each starts from
PyTorch's own weights, sees the same data in the same minibatches and must match
its first 20 losses (W5 has one loss: the standard deviations of 20 activations
and 20 gradients). Dropout lets all pass on both sides, because the masks of two
generators differ.

A float32 holds 1.2e-7, and sums in another order move a loss by about that.
Batch norm, Adam and the kink of ReLU enlarge it: in W3 PyTorch's own losses in
float32 are 5e-6 from those in float64 after 20 steps, and with other seeds up
to 6e-4. So the bound is 3e-5, or four times PyTorch's own distance where that is
more. A rate or a momentum one percent off is beyond 3e-4.

Exit code 77, which meson counts as skipped, where python3-torch is missing."""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import machine

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = "/usr/bin/python3"
ALL = ["W1", "W2", "W3", "W4", "W5tanh", "W5relu", "W6", "W7"]
MOST, TIMES_OWN = 3e-5, 4


class Failure(Exception):
    """A workload that printed no losses, or too few, with what it said."""


def script(name):
    """The Lua file of a workload, and the arguments that choose it."""
    if name.startswith("W5"):
        return [HERE / "W5.lua", name[2:]]
    return [HERE / f"{name}.lua"]


def has_torch():
    return subprocess.run([PYTHON, "-c", "import torch"], check=False,
                          stderr=subprocess.DEVNULL).returncode == 0


def said_by(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL)
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["no output"]
        raise Failure(f"{' '.join(map(str, command))}: {said[-1]}")
    return done.stdout


def distance(name, program, folder):
    """The largest relative distance of the losses, on one and on two threads,
    and the most allowed."""
    file = pathlib.Path(folder) / f"{name}.safetensors"
    said_by([PYTHON, HERE / "peer/first_losses.py", name, file])
    expected = 40 if name.startswith("W5") else 20
    most, off = MOST, 0
    for threads in (1, 2):
        said = said_by([program, "--threads", str(threads), *script(name),
                        "--agree", file])
        result = json.loads(said.splitlines()[-1])
        if result["losses"] != expected:
            raise Failure(f"{name}: {result['losses']} losses, not {expected}")
        most = max(most, TIMES_OWN * result["own"])
        off = max(off, result["worst"])
    file.unlink()
    return off, most


def complaint(off, most):
    """A sentence where losses are too far from PyTorch's."""
    if off <= most:
        return None
    return f"losses differ from PyTorch's by {off:.2g}; at most {most:.2g}"


def agrees(name, program, folder):
    """Prints how far a workload is from PyTorch; False past the bound."""
    try:
        off, most = distance(name, program, folder)
    except Failure as failure:
        print(failure, flush=True)
        return False
    said = f"{off:.2g}, at most {most:.2g}"
    print(f"{name:8} {complaint(off, most) or said}", flush=True)
    return off <= most


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("workloads", nargs="*", metavar="NAME",
                        help="some of " + " ".join(ALL) + "; else all")
    parser.add_argument("--gradus", metavar="PROGRAM", default=str(
        HERE.parent.parent / "build/src/gradus"),
                        help="default: build/src/gradus of this checkout")
    options = parser.parse_args()
    for name in options.workloads:
        if name not in ALL:
            parser.error(f"no workload {name}; there are {' '.join(ALL)}")
    program = machine.find_program(parser, options.gradus)
    if not has_torch():
        print("skipped: python3-torch is not installed")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        good = [agrees(name, program, folder)
                for name in options.workloads or ALL]
    return int(not all(good))


if __name__ == "__main__":
    sys.exit(main())
