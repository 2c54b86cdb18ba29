# SPDX-License-Identifier: GPL-3.0-or-later
"""Standard input that is no terminal; and how long the prompt takes."""
import os
import statistics
import subprocess
import time
import unittest

import prompt


def feed(text, **env):
    """(exit code, standard output, standard error) after reading `text`."""
    clean = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    clean.update(TERM="xterm", **env)
    run = subprocess.run([prompt.PROGRAM], input=text, capture_output=True,
                         text=True, timeout=60, env=clean)
    return run.returncode, run.stdout, run.stderr


class Pipe(unittest.TestCase):
    def test_statements_run_in_order_without_prompt(self):
        code, out, err = feed("x = 1\nprint(x)\nfor i = 1, 2 do\n  x = x + i\n"
                              "end\nx\n:seed 3\n")
        self.assertEqual((0, "1\n4\n3\n", ""), (code, out, err))

    def test_the_first_error_ends_it(self):
        code, out, err = feed("print(1)\n\nerror('oops')\nprint(2)\n")
        self.assertEqual((1, "1\n"), (code, out))
        self.assertIn("stdin:3: oops", err)

    def test_a_syntax_error_has_its_line(self):
        code, out, err = feed("print(1)\nf = function()\n  x = = 1\nend\n")
        self.assertEqual((1, "1\n"), (code, out))
        self.assertIn("stdin:3: unexpected symbol near '='", err)

    def test_an_unfinished_end_is_an_error(self):
        code, out, err = feed("print(1)\nfor i = 1, 3 do\n")
        self.assertEqual((1, "1\n"), (code, out))
        self.assertIn("not finished", err)

    def test_a_failing_command_ends_it(self):
        code, _, err = feed(":sed 3\nprint(2)\n")
        self.assertEqual(1, code)
        self.assertIn("stdin:1: :sed is no command", err)

    def test_no_escapes(self):
        _, out, err = feed("?tensor.zeros\n??help.answer\nerror('x')\n")
        self.assertNotIn("\x1b", out + err)

    def test_a_closed_pipe_answers_line_by_line(self):
        with subprocess.Popen([prompt.PROGRAM], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True) as child:
            child.stdin.write("1 + 1\nio.stdout:flush()\n")
            child.stdin.flush()
            self.assertEqual("2\n", child.stdout.readline())


class Speed(prompt.TestCase):
    """Bounds are ten times what is aimed at: they find a hang, not a trend."""

    def setUp(self):
        super().setUp()
        self.child.delaybeforesend = None

    def wait_for(self, text):
        seen = ""
        while text not in seen:
            seen += self.child.read_nonblocking(4096, 5)

    def test_echo_of_a_key(self):
        times = []
        for key in "abcdefghijklmnopqrstuvwxyz" * 3:
            started = time.perf_counter()
            self.child.send(key)
            self.wait_for(key)
            times.append(time.perf_counter() - started)
        print(f"key to echo: {statistics.median(times) * 1e3:.3f} ms")
        self.assertLess(statistics.median(times), 0.05)

    def test_evaluation_of_a_sum(self):
        empty, full = [], []
        for _ in range(40):
            for line, times in (("", empty), ("1+1", full)):
                self.child.send(line)
                if line:
                    self.wait_for(line)
                started = time.perf_counter()
                self.child.send("\r")
                self.wait_for("> ")
                times.append(time.perf_counter() - started)
        cost = statistics.median(full) - statistics.median(empty)
        print(f"1+1 adds {cost * 1e3:.3f} ms")
        self.assertLess(cost, 0.01)


if __name__ == "__main__":
    prompt.main()
