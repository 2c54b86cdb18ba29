# SPDX-License-Identifier: GPL-3.0-or-later
"""gradus in a pseudo-terminal, for the tests in this folder.

    import prompt

    class Basics(prompt.TestCase):
        def test_result_is_printed(self):
            self.type("1 + 1")
            self.see("2")

    if __name__ == "__main__":
        prompt.main()

The program is the first argument of the test, else the one in build/. `type`
enters a line, `see` waits until a text (`see_match`: a regular expression)
appears and fails with all that was on the screen if it does not, `ready` waits
for the prompt, `wait_until_read` for keys that show nothing. Each test has a gradus and a home folder of its own.
"""
import fcntl
import os
import pathlib
import re
import struct
import sys
import tempfile
import termios
import time
import unittest

import pexpect

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = str(ROOT / "build/src/gradus")
PATIENCE = 20  # seconds until a missing text counts as missing
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x01\x02\r]")


def plain(text):
    """The text without escape sequences."""
    return ESCAPES.sub("", text)


class TestCase(unittest.TestCase):
    prompt = "> "
    args = []
    size = (40, 200)  # rows and columns
    env = {}

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="gradus-test-")
        self.addCleanup(self.folder.cleanup)
        self.home = self.folder.name
        self.start()

    def start(self, *args, env=None, wait=True):
        """(Re)starts the program; with `wait`, up to its first prompt."""
        clean = {k: v for k, v in os.environ.items()
                 if not k.startswith(("XDG_", "LUA_", "GNUTERM", "DISPLAY"))}
        clean.update(HOME=self.home, TERM="xterm", NO_COLOR="1",
                     INPUTRC="/dev/null")
        clean.update(self.env)
        clean.update(env or {})
        self.log = open(os.path.join(self.home, "screen"), "w+",
                        encoding="utf-8", newline="")
        self.addCleanup(self.log.close)
        self.child = pexpect.spawn(
            PROGRAM, list(args or self.args), cwd=self.home, env=clean,
            encoding="utf-8", codec_errors="replace", timeout=PATIENCE,
            dimensions=self.size)
        self.child.logfile_read = self.log
        self.addCleanup(self.end, self.child)
        if wait:
            self.ready()

    @staticmethod
    def end(child):
        """Ends a program; one that has much memory to give back may take its time."""
        try:
            child.close(True)
        except pexpect.ExceptionPexpect:
            child.wait()

    def screen(self):
        """All that the program has written so far."""
        self.log.flush()
        with open(self.log.name, encoding="utf-8", newline="") as log:
            return plain(log.read())

    def type(self, line):
        self.child.sendline(line)

    def press(self, keys):
        """Sends keys without a return."""
        self.child.send(keys)

    def wait_until_read(self):
        """The program has taken all keys, and had a moment to act on them."""
        end = time.monotonic() + PATIENCE
        left = struct.pack("i", 1)
        terminal = os.open(f"/proc/{self.child.pid}/fd/0",
                           os.O_RDONLY | os.O_NOCTTY)
        self.addCleanup(os.close, terminal)
        while left != struct.pack("i", 0):
            self.assertLess(time.monotonic(), end, self.screen())
            left = fcntl.ioctl(terminal, termios.FIONREAD, left)
            time.sleep(0.05)

    def interrupt(self):
        self.child.sendintr()

    def see_match(self, pattern, timeout=PATIENCE):
        try:
            self.child.expect(pattern, timeout=timeout)
        except (pexpect.TIMEOUT, pexpect.EOF) as error:
            self.fail(f"expected: {pattern!r}\ngot ({type(error).__name__}) "
                      f"the screen:\n{self.screen()}")
        return self.child.match

    def see(self, text, timeout=PATIENCE):
        return self.see_match(re.escape(text), timeout)

    def ready(self, timeout=PATIENCE):
        """Waits for a prompt at the start of a line."""
        self.see_match(r"(?:^|[\r\n]|\x1b\[[0-9;?]*[A-Za-z])[\x01\x02]*" +
                       re.escape(self.prompt), timeout)

    def leaves(self, code=0):
        """The program ends with this exit code."""
        try:
            self.child.expect(pexpect.EOF)
        except pexpect.TIMEOUT:
            self.fail("still running; the screen:\n" + self.screen())
        self.child.close()
        self.assertEqual(code, self.child.exitstatus, self.screen())


def main():
    global PROGRAM
    if len(sys.argv) > 1 and os.path.isfile(sys.argv[1]):
        PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()
