# SPDX-License-Identifier: GPL-3.0-or-later
"""Standard input that is no terminal; and what the prompt costs."""
import os
import subprocess
import unittest

import prompt


def feed(text, **env):
    """(exit code, standard output, standard error) after reading `text`."""
    clean = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    clean.update(TERM="xterm", **env)
    run = subprocess.run([prompt.PROGRAM], input=text, capture_output=True,
                         text=True, timeout=600, env=clean)
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
    """In processor time of the program, at ten times what is aimed at."""

    def setUp(self):
        super().setUp()
        self.child.delaybeforesend = None

    def test_echo_of_a_key(self):
        keys = "abcdefghijklmnopqrstuvwxyz" * 10
        before = self.state()[0]
        for key in keys:
            self.press(key)
            self.see(key)
        cost = (self.state()[0] - before) / len(keys)
        print(f"a key: {cost * 1e3:.2f} ms")
        self.assertLess(cost, 0.05)

    def test_evaluation_of_a_sum(self):
        before = self.state()[0]
        for i in range(100):
            self.type(f"{i}+1000")
            self.see(str(i + 1000) + "\r")
            self.ready()
        cost = (self.state()[0] - before) / 100
        print(f"a sum, typed and shown: {cost * 1e3:.2f} ms")
        self.assertLess(cost, 0.1)


if __name__ == "__main__":
    prompt.main()
