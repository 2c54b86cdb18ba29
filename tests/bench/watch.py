#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What nn.watch costs a training step, counted in instructions (valgrind), which no other program on
the machine disturbs.

    watch.py GRADUS

Run by hand; it takes some minutes. Counts are of code for AVX2, on which valgrind runs."""
import os
import pathlib
import sys

import count

SCRIPT = pathlib.Path(__file__).resolve().parent / "watch.lua"
NETS = [("784,256,10", 128, "ReLU"), ("784,256,256,10", 128, "Tanh"), ("64,64,10", 32, "ReLU"),
        ("2,16,16,2", 32, "Tanh")]


def per_step(gradus, mode, net, every=1):
    widths, batch, activation = net
    return count.difference(gradus, 2, 12, lambda steps: (
        SCRIPT, mode, steps, widths, batch, activation, every))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    gradus = os.path.abspath(sys.argv[1])
    print("%-16s %5s  %12s %12s %7s %9s" % ("widths", "batch", "plain", "watched", "share", "every 10"))
    for net in NETS:
        plain = per_step(gradus, "plain", net)
        watched, seldom = per_step(gradus, "watch", net), per_step(gradus, "watch", net, 10)
        print("%-16s %5d  %12.0f %12.0f %6.1f%% %8.1f%%" % (
            net[0], net[1], plain, watched, 100 * (watched / plain - 1), 100 * (seldom / plain - 1)),
              flush=True)


main()
