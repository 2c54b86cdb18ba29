#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails on files that git tracks at a place where none should be: at the top of
the tree, or with the ending of something that a program has written."""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOP = set(".ci .clang-format .editorconfig .gitignore .luacheckrc CHANGELOG.md "
          "LICENSE README.md lessons lua meson.build meson_options.txt run src "
          "tests".split())
# Outputs, and the folders in which such files are kept on purpose.
KEPT = {
    ".png": ["lessons/pictures"], ".svg": ["lessons/pictures"],
    ".gif": ["lessons/pictures"], ".pdf": [], ".html": [], ".log": [],
    ".o": [], ".so": [], ".npy": ["tests/fuzz/seeds"],
    ".safetensors": ["tests/fuzz/seeds", "tests/expect"],
    ".jsonl": ["tests/lessons"],
}


def fault_of(path):
    if path.parts[0] not in TOP:
        return "does not belong at the top"
    kept = KEPT.get(path.suffix)
    if kept is not None and not any(str(path).startswith(k + "/") for k in kept):
        return "looks like something that a program wrote"
    return None


def main():
    if not (ROOT / ".git").exists():
        return 0  # no clone: nothing says which files belong to it
    out = subprocess.run(["git", "-c", "safe.directory=*", "ls-files"], cwd=ROOT,
                         encoding="utf-8", stdout=subprocess.PIPE, check=True).stdout
    bad = 0
    for name in out.splitlines():
        if not (ROOT / name).exists():
            continue
        fault = fault_of(pathlib.Path(name))
        if fault:
            print(f"{name}: {fault}")
            bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
