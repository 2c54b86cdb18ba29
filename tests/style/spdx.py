#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails when a source file does not begin with its licence (after a #! line)."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TAG = "SPDX-License-Identifier: GPL-3.0-or-later"
KINDS = {".c", ".h", ".def", ".inc", ".lua", ".py", ".sh", ".build"}
SCRIPTS = ["run", ".ci/run"]
FOLDERS = ["src", "lua", "lessons", "tests"]


def sources():
    yield ROOT / "meson.build"
    yield from (ROOT / name for name in SCRIPTS)
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in KINDS and path.is_file():
                yield path


def first_line(path):
    lines = path.read_text(encoding="utf-8").splitlines()[:2] or [""]
    return lines[-1] if lines[0].startswith("#!") else lines[0]


def main():
    wrong = [path for path in sources() if TAG not in first_line(path)]
    for path in wrong:
        print(f"{path.relative_to(ROOT)}: the first line is not '{TAG}'")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
