#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs Lua scripts with gradus and compares what they print.

    run.py [PROGRAM] FILE_OR_FOLDER...

A folder stands for every *.lua file in it. In a script

    print(1 + 1)               -- expect: 2
    -- expect error: text

the `-- expect:` texts in order must be exactly the lines of standard output;
with `-- expect error:` the script must fail (exit code 1) with a message that
contains the text, without it the script must succeed and leave standard error
empty. A script runs in an empty folder of its own, so it may write files;
`arg[0]` is its absolute path, for data that lies beside it.
"""
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIMIT = int(os.environ.get("GRADUS_TEST_LIMIT", "1500"))  # seconds a script
MARK = re.compile(r"--\s*expect( error)?:(?: (.*))?$")


class Wanted:
    def __init__(self, script):
        self.lines, self.errors = [], []
        for line in script.read_text(encoding="utf-8").splitlines():
            mark = MARK.search(line)
            if mark:
                kind = self.errors if mark.group(1) else self.lines
                kind.append((mark.group(2) or "").rstrip())


def environment(home):
    """No colour, no terminal, no settings of whoever runs the tests."""
    env = {k: v for k, v in os.environ.items()
           if not k.startswith(("XDG_", "LUA_", "GNUTERM", "COLUMNS", "DISPLAY"))}
    env.update(HOME=home, TMPDIR=home, TERM="dumb")
    return env


def run(program, script):
    with tempfile.TemporaryDirectory(prefix="gradus-test-") as home:
        return subprocess.run(
            [program, str(script)], cwd=home, env=environment(home),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, encoding="utf-8", errors="replace",
            timeout=LIMIT)


def complaints(wanted, done):
    """What is wrong with the run, as text; empty if nothing is."""
    got = [line.rstrip() for line in done.stdout.splitlines()]
    if not wanted.lines and not wanted.errors:
        yield "the script has no `-- expect:` line, so it cannot fail"
    if got != wanted.lines:
        yield "\n".join(difflib.unified_diff(
            wanted.lines, got, "expected", "got", lineterm="", n=2))
    if wanted.errors:
        if done.returncode != 1:
            yield f"expected an error (exit code 1), got {done.returncode}"
        for text in wanted.errors:
            if text not in done.stderr:
                yield (f"expected in the error: {text}\n"
                       f"got: {done.stderr.strip() or '(nothing)'}")
    elif done.returncode != 0 or done.stderr:
        yield f"exit code {done.returncode}, standard error:\n{done.stderr}"


def check(program, script):
    try:
        text = "\n".join(complaints(Wanted(script), run(program, script)))
    except subprocess.TimeoutExpired:
        text = f"still running after {LIMIT} s"
    except UnicodeDecodeError as error:
        text = str(error)
    name = os.path.relpath(script, ROOT)
    print(f"FAIL {name}\n{text}\n" if text else f"ok   {name}", flush=True)
    return not text


def scripts(paths):
    for path in map(lambda p: pathlib.Path(p).resolve(), paths):
        found = sorted(path.glob("*.lua")) if path.is_dir() else [path]
        if not found:
            sys.exit(f"{path}: no scripts")
        yield from found


def main(args):
    program = str(ROOT / "build/src/gradus")
    if args and not args[0].endswith(".lua") and os.path.isfile(args[0]):
        program = os.path.abspath(args.pop(0))
    if not args:
        sys.exit(__doc__)
    results = [check(program, script) for script in scripts(args)]
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    return not all(results)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
