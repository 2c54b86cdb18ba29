# SPDX-License-Identifier: GPL-3.0-or-later
"""Instructions that a script takes, counted by valgrind: no other program on
the machine disturbs them. The code is that for AVX2, on which valgrind runs."""
import os
import subprocess


def instructions(gradus, *words):
    """Of `gradus --threads 1 WORDS`, start and end of the program included."""
    env = dict(os.environ, GRADUS_CPU="x86-64-v3", OPENBLAS_CORETYPE="Haswell",
               OPENBLAS_NUM_THREADS="1")
    done = subprocess.run(
        ["valgrind", "--tool=cachegrind", "--cache-sim=no",
         "--cachegrind-out-file=/dev/null", gradus, "--threads", "1",
         *map(str, words)], env=env, capture_output=True, text=True, check=True)
    line = next(x for x in done.stderr.splitlines()
                if "I " in x and "refs" in x)
    return int(line.split(":")[1].replace(",", ""))


def difference(gradus, few, many, words):
    """Instructions of one turn: WORDS(n) is the command for n turns."""
    return (instructions(gradus, *words(many))
            - instructions(gradus, *words(few))) / (many - few)
