# SPDX-License-Identifier: GPL-3.0-or-later
"""gradus as a child process, for the tests in this folder."""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = str(ROOT / "build/src/gradus")


# Children begin as in a shell, whatever whoever runs the tests ignores or blocks.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.pthread_sigmask(signal.SIG_SETMASK, [])


def environment(home, **more):
    env = {k: v for k, v in os.environ.items()
           if not k.startswith(("XDG_", "LUA_", "LC_", "LANG", "GNUTERM",
                                "DISPLAY", "NO_COLOR"))}
    env.update(HOME=home, TERM="xterm-256color", **more)
    return env


class TestCase(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="gradus-test-")
        self.addCleanup(folder.cleanup)
        self.home = folder.name

    def write(self, name, text, mode=0o644):
        path = os.path.join(self.home, name)
        with open(path, "wb") as file:
            file.write(text.encode() if isinstance(text, str) else text)
        os.chmod(path, mode)
        return path

    def gradus(self, *args, stdin=b"", program=None, env=None, **more):
        options = dict(stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       timeout=600, cwd=self.home)
        if isinstance(stdin, str):
            stdin = stdin.encode()
        options.update(more)
        done = subprocess.run(
            [program or PROGRAM, *args], input=stdin,
            env=environment(self.home, **(env or {})), **options)
        for stream in ("stdout", "stderr"):
            text = getattr(done, stream)
            setattr(done, stream, (text or b"").decode("utf-8", "replace"))
        return done

    def check(self, done, code=0, out="", err=""):
        """Exactly this code and output; `err` is part of standard error."""
        self.assertEqual((code, out), (done.returncode, done.stdout),
                         done.stderr)
        if err:
            self.assertIn(err, done.stderr)
        else:
            self.assertEqual("", done.stderr)


def main():
    global PROGRAM
    if len(sys.argv) > 1 and os.path.isfile(sys.argv[1]):
        PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()
