#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails when a test exists that no meson.build names: it would never run."""
import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parents[1]


def files():
    """Test files, and the word by which a meson.build names each."""
    for path in sorted(TESTS.rglob("*_test.*")):
        if path.suffix in (".c", ".py"):
            yield path, path.stem[:-len("_test")]
    for path in sorted((TESTS / "lua").iterdir()):
        if path.is_dir() and any(path.glob("*.lua")):
            yield path, path.name


def lists(path):
    """The meson.build files above a test."""
    folder = path.parent
    while folder != TESTS.parent:
        if (folder / "meson.build").exists():
            yield (folder / "meson.build").read_text(encoding="utf-8")
        folder = folder.parent


def main():
    missing = [path for path, name in files()
               if not any(f"'{name}'" in text or f"'{path.name}'" in text or
                          f"'{name}_test" in text for text in lists(path))]
    for path in missing:
        print(f"{path.relative_to(TESTS.parent)}: in no meson.build")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
