#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an op on one-element tensors costs, forward and backward: microseconds
(overhead.lua) and instructions (valgrind), which no other program disturbs.

    overhead.py GRADUS"""
import os
import pathlib
import subprocess
import sys

import count

SCRIPT = pathlib.Path(__file__).resolve().parent / "overhead.lua"
OPS = 200  # of a chain, as in overhead.lua
NAMES = ["y * w", "y + 1", "y:tanh()"]


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    gradus = os.path.abspath(sys.argv[1])
    subprocess.run([gradus, "--threads", "1", SCRIPT], check=True)
    print(f"\n{'op':10}  instructions, forward and backward")
    for name in NAMES:
        chain = count.difference(gradus, 20, 120,
                                 lambda n: (SCRIPT, name, n))
        print(f"{name:10}  {chain / OPS:.0f}", flush=True)


main()
