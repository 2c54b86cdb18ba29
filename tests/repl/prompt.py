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
for the prompt. Each test has a gradus and a home folder of its own.

A test waits for what it has seen, never for a time: a machine may be as slow
and as busy as it likes. `cancel` gives up a line and waits until it is given
up; `busy` waits until the program computes (counted in its own processor time)
or sleeps; `press_unseen` until keys that show nothing are read.
"""
import os
import pathlib
import re
import signal
import sys
import tempfile
import time
import unittest

import pexpect

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = str(ROOT / "build/src/gradus")
PATIENCE = 300  # seconds until a missing text counts as missing
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x01\x02\r]")


def plain(text):
    """The text without escape sequences."""
    return ESCAPES.sub("", text)


def usual_signals():
    """As in a shell: whoever runs the tests may ignore some (nohup does) or block them."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGTSTP,
                   signal.SIGTTIN, signal.SIGTTOU, signal.SIGPIPE, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


class TestCase(unittest.TestCase):
    prompt = "> "
    args = []
    size = (40, 200)  # rows and columns
    env = {}

    def setUp(self):
        # A child that is being killed may still write.
        self.folder = tempfile.TemporaryDirectory(prefix="gradus-test-",
                                                  ignore_cleanup_errors=True)
        self.addCleanup(self.folder.cleanup)
        self.home = self.folder.name
        self.start()

    def start(self, *args, env=None, wait=True):
        """(Re)starts the program; with `wait`, up to its first prompt."""
        clean = {k: v for k, v in os.environ.items()
                 if not k.startswith(("XDG_", "LUA_", "GNUTERM", "DISPLAY",
                                      "COLUMNS", "LINES", "COLORTERM"))}
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
            dimensions=self.size, preexec_fn=usual_signals)
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

    def press_unseen(self, keys):
        """Presses keys that show nothing, and waits until they are read."""
        before = self.count("io", "rchar: ")
        self.press(keys)
        self.wait_for(lambda: self.count("io", "rchar: ") - before >= len(keys.encode()))

    def interrupt(self):
        self.child.sendintr()

    def cancel(self):
        """Gives up what stands on the line."""
        self.interrupt()
        self.see("^C")
        self.ready()

    def wait_for(self, condition):
        end = time.monotonic() + PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), end, self.screen())
            time.sleep(0.01)

    def count(self, file, name):
        """A number that /proc keeps about the program."""
        text = pathlib.Path(f"/proc/{self.child.pid}/{file}").read_text()
        return int(text.split(name)[1].split()[0])

    def state(self):
        """The processor seconds the program has used, and whether it sleeps."""
        fields = pathlib.Path(f"/proc/{self.child.pid}/stat").read_text().rsplit(")", 1)[1].split()
        ticks = int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK"), fields[0] == "S"

    def busy(self, seconds=0.1):
        """Waits until the program has used so much processor time from now on, or
        sleeps in a call that waits: what was printed just before is behind it."""
        begin, asleep = self.state()[0], []

        def is_inside():
            used, sleeps = self.state()
            asleep.append(used if sleeps else None)
            return used - begin >= seconds or (
                len(asleep) >= 20 and sleeps and len(set(asleep[-20:])) == 1)
        self.wait_for(is_inside)

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
        self.child.wait()
        self.child.close()
        self.assertEqual(code, self.child.exitstatus, self.screen())


def main():
    global PROGRAM
    if len(sys.argv) > 1 and os.path.isfile(sys.argv[1]):
        PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()
