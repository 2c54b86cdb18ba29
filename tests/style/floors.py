#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails when an #include or a require points up, or sideways, a floor.

What each floor may use is the table below; src/README.md draws it. A floor
may always use itself.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# floor: (floors it may include, libraries it may include)
FLOORS = {
    "engine": (set(), {"blas"}),
    "io": ({"engine"}, {"zlib"}),
    "gnuplot": (set(), set()),
    "repl": ({"gnuplot", "io", "engine"}, {"lua", "readline"}),
    "bind": ({"gnuplot", "io", "engine"}, {"lua"}),
    "main": ({"repl", "bind", "gnuplot", "io", "engine"}, {"lua"}),
}
LIBRARIES = {
    "blas": r"(cblas|lapacke?|openblas\w*|f77blas)\.h",
    "zlib": r"z(lib|conf)\.h",
    "lua": r"(lua|lauxlib|lualib|luaconf)\.h",
    "readline": r"readline/.*",
}
# Single headers of a floor that may otherwise not be used.
ALSO = {"gnuplot": {"engine/error.h"}}
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)
REQUIRE = re.compile(r"""(?<!["'])\brequire\s*\(?\s*["']([\w./-]+)["']""")
COMMENT = re.compile(r"^\s*--.*$", re.M)


def floor_of(path):
    parts = path.relative_to(ROOT / "src").parts
    return parts[0] if len(parts) > 1 else "main"


def complaint_about_include(floor, name):
    floors, libraries = FLOORS[floor]
    head = name.split("/")[0]
    if name in ALSO.get(floor, set()):
        return None
    if "/" in name and head in FLOORS and head != floor and head not in floors:
        return f"{floor}/ may not use {head}/"
    for library, pattern in LIBRARIES.items():
        if re.fullmatch(pattern, name) and library not in libraries:
            return f"{floor}/ may not use {library}"
    return None


def check_c():
    for path in sorted((ROOT / "src").rglob("*")):
        if path.suffix not in (".c", ".h", ".def", ".inc"):
            continue
        floor = floor_of(path)
        if floor not in FLOORS:
            yield path, floor, f"no such floor; {pathlib.Path(__file__).name} lists them"
            continue
        for name in INCLUDE.findall(path.read_text(encoding="utf-8")):
            why = complaint_about_include(floor, name)
            if why:
                yield path, name, why


def check_lua():
    """The library uses itself and the C modules; lessons require nothing."""
    for path in sorted((ROOT / "lua").rglob("*.lua")):
        for name in REQUIRE.findall(COMMENT.sub("", path.read_text("utf-8"))):
            if not name.startswith("gradus."):
                yield path, name, "lua/ may only require gradus.*"
    for path in sorted((ROOT / "lessons").rglob("*.lua")):
        for name in REQUIRE.findall(COMMENT.sub("", path.read_text("utf-8"))):
            yield path, name, "lessons/ use the globals only"


def main():
    wrong = [*check_c(), *check_lua()]
    for path, name, why in wrong:
        print(f"{path.relative_to(ROOT)}: {name}: {why}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
