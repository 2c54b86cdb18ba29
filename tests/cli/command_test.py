# SPDX-License-Identifier: GPL-3.0-or-later
import os
import shutil
import signal
import subprocess
import unittest

import program


class Options(program.TestCase):
    def test_code(self):
        self.check(self.gradus("-e", "print(1+1)"), out="2\n")

    def test_codes_then_file_in_order(self):
        path = self.write("a.lua", "print(x + 1)")
        self.check(self.gradus("-e", "x = 1", "-e", "print(x)", path),
                   out="1\n2\n")

    def test_first_failure_ends_it(self):
        done = self.gradus("-e", "error('a')", "-e", "print('b')")
        self.check(done, 1, err="gradus: -e:1: a")

    def test_version_and_help(self):
        self.assertRegex(self.gradus("--version").stdout, r"^gradus \d+\.\d+")
        text = self.gradus("--help").stdout
        for word in ("-e CODE", "-i ", "--seed", "--threads", "--terminal",
                     "--no-color", "--version", "lesson", "check", "130"):
            self.assertIn(word, text)

    def test_usage_errors(self):
        for args, err in (
                (["--sed", "1"], "unknown option '--sed'"),
                (["-x"], "unknown option '-x'"),
                (["-e"], "option '-e' needs a value"),
                (["--seed"], "option '--seed' needs a value"),
                (["-i=2"], "unknown option '-i=2'"),
                (["--version=2"], "option '--version' takes no value"),
                (["--seed", "half"], "--seed: expected a whole number"),
                (["--seed=-1"], "got '-1'"),
                (["--seed=1.5"], "got '1.5'"),
                (["--threads", "0"], "--threads: expected a whole number")):
            with self.subTest(args=args):
                self.check(self.gradus(*args, "-e", "print(1)")
                           if args != ["-e"] and args != ["--seed"]
                           else self.gradus(*args), 2, err=err)

    def test_seed_fixes_the_random_numbers(self):
        code = "print(tensor.randn(3):sum():item(), math.random())"
        runs = [self.gradus("--seed", seed, "-e", code)
                for seed in ("7", "7", "8")]
        self.assertEqual(0, runs[0].returncode, runs[0].stderr)
        self.assertEqual(runs[0].stdout, runs[1].stdout)
        self.assertNotEqual(runs[0].stdout, runs[2].stdout)

    def test_threads(self):
        self.check(self.gradus("--threads=1", "-e", "print(gradus.threads())"),
                   out="1\n")

    def test_no_color(self):
        self.check(self.gradus("--no-color", "-e", "print(os.getenv('NO_COLOR'))"),
                   out="1\n")

    def test_unknown_terminal(self):
        done = self.gradus("--terminal", "nosuch", "-e", "print(1)")
        self.assertEqual(2, done.returncode)
        self.assertIn("nosuch", done.stderr)

    def test_prompt_after_the_script(self):
        path = self.write("a.lua", "x = 41")
        done = self.gradus("-i", path, stdin="print(x + 1)\n")
        self.assertEqual(0, done.returncode)
        self.assertIn("42", done.stdout)


class Scripts(program.TestCase):
    def test_arg(self):
        path = self.write("a.lua", "print(arg[0], arg[1], #arg, ...)")
        self.check(self.gradus(path, "x", "-e"), out=f"{path}\tx\t2\tx\t-e\n")

    def test_standard_input(self):
        self.check(self.gradus("-", "x", stdin="print('in', arg[0], arg[1])"),
                   out="in\t-\tx\n")

    def test_error_in_standard_input(self):
        self.check(self.gradus("-", stdin="\nerror('a')"), 1,
                   err="gradus: stdin:2: a\n")

    def test_shebang(self):
        path = self.write("a", "#!/usr/bin/env gradus\nprint('ran', arg[1])\n",
                          0o755)
        folder = os.path.dirname(program.PROGRAM)
        done = subprocess.run(
            [path, "x"], stdout=subprocess.PIPE, cwd=self.home, timeout=600,
            env=program.environment(
                self.home, PATH=folder + ":" + os.environ["PATH"]))
        self.assertEqual((0, b"ran\tx\n"), (done.returncode, done.stdout))

    def test_lines_count_from_the_shebang(self):
        path = self.write("a.lua", "#!/usr/bin/env gradus\nerror('a')\n")
        self.check(self.gradus(path), 1, err=f"gradus: {path}:2: a")

    def test_byte_order_mark_and_crlf(self):
        path = self.write("a.lua", "\ufeffprint(1)\r\nprint(2)\r\n")
        self.check(self.gradus(path), out="1\n2\n")

    def test_named_like_a_command(self):
        self.write("check", "print('mine')")
        self.check(self.gradus("./check"), out="mine\n")
        self.check(self.gradus("--", "check"), out="mine\n")

    def test_exit_code_of_the_script(self):
        self.check(self.gradus("-e", "os.exit(7)"), 7)
        self.check(self.gradus("-e", "print('x') os.exit(true, true)"),
                   out="x\n")

    def test_no_lua_init(self):
        done = self.gradus("-e", "print(1)", env={"LUA_INIT": "print('init')"})
        self.check(done, out="1\n")


class Failures(program.TestCase):
    def test_syntax_error(self):
        path = self.write("a.lua", "x = 1\nfor i = 1 do end\n")
        self.check(self.gradus(path), 1, err=f"gradus: {path}:2: '")

    def test_missing_file(self):
        self.check(self.gradus("nosuch.lua"), 1,
                   err="gradus: cannot open 'nosuch.lua': No such file")

    def test_directory(self):
        os.mkdir(os.path.join(self.home, "d"))
        self.check(self.gradus("d"), 1,
                   err="gradus: 'd' is a folder; expected a Lua script")

    def test_binary_file(self):
        self.write("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
        self.check(self.gradus("a.png"), 1, err="gradus: 'a.png' is not text")

    def test_endless_binary_file(self):
        self.check(self.gradus("/dev/zero"), 1, err="'/dev/zero' is not text")

    def test_compiled_lua(self):
        self.write("a.luac", b"\x1bLuaT\0\x19\x93\r\n")
        self.check(self.gradus("a.luac"), 1, err="is compiled Lua")

    def test_no_permission(self):
        path = self.write("a.lua", "print(1)", 0)
        if os.getuid() != 0:
            done = self.gradus(path)
        elif shutil.which("setpriv"):  # root without its right to read all
            done = self.gradus("--inh-caps=-all", "--bounding-set=-all",
                               program.PROGRAM, path, program="setpriv")
        else:
            self.skipTest("root may read everything")
        self.check(done, 1, err=f"gradus: cannot open '{path}': Permission")

    def test_closed_output(self):
        done = self.gradus("-e", "print(1)", stdout=None,
                           preexec_fn=lambda: os.close(1))
        self.check(done, 1, err="gradus: cannot write standard output")

    def test_closed_output_with_nothing_to_say(self):
        done = self.gradus("-e", "local x = 1", stdout=None,
                           preexec_fn=lambda: os.close(1))
        self.check(done)

    def test_closed_output_lends_its_number_to_no_file(self):
        code = "local f = io.open('f', 'w') print('stray') f:close()"
        self.gradus("-e", code, stdout=None, preexec_fn=lambda: os.close(1))
        with open(os.path.join(self.home, "f")) as file:
            self.assertEqual("", file.read())

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full")
    def test_full_output(self):
        with open("/dev/full", "wb") as full:
            for code in ("print(1)", "print(1) os.exit(0)"):
                done = self.gradus("-e", code, stdout=full)
                self.check(done, 1, err="No space left on device")

    def test_reader_that_leaves_early(self):
        child = subprocess.Popen(
            [program.PROGRAM, "-e", "while true do print(1) end"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=program.environment(self.home))
        child.stdout.readline()
        child.stdout.close()
        self.assertNotEqual(0, child.wait(timeout=600))
        self.assertEqual(b"", child.stderr.read())
        child.stderr.close()

    def test_deep_recursion(self):
        done = self.gradus("-e", "local function f() return 1 + f() end f()")
        self.assertEqual(1, done.returncode)
        self.assertIn("-e:1: stack overflow", done.stderr)
        self.assertLess(len(done.stderr.splitlines()), 30)

    def test_errors_that_are_no_strings(self):
        self.check(self.gradus("-e", "error({})"), 1,
                   err="-e:1: the error is a table without text")
        self.check(self.gradus("-e", "error()"), 1, err="is a nil without text")
        code = "error(setmetatable({}, {__tostring = function() return 'T!' end}))"
        self.check(self.gradus("-e", code), 1, err="-e:1: T!")


class Interrupts(program.TestCase):
    def test_interrupted_script(self):
        child = subprocess.Popen(
            [program.PROGRAM, "-e", "print(1) io.flush() while true do end"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=program.environment(self.home))
        child.stdout.readline()
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=600)
        self.assertEqual(130, child.returncode, err)


class Tracebacks(program.TestCase):
    SCRIPT = """local options = require "gradus.options"
local function inner(t)
  return options.read("f", t, {momentum = 1}).x + 1
end
local function outer() inner{momentun = 2} end
outer()
"""

    def test_only_the_users_frames(self):
        path = self.write("a.lua", self.SCRIPT)
        err = self.gradus(path).stderr
        self.assertIn("Did you mean 'momentum'?", err)
        self.assertEqual(
            [f"\t{path}:3: in upvalue 'inner'",
             f"\t{path}:5: in local 'outer'",
             f"\t{path}:6: in main chunk"], err.splitlines()[-3:])
        self.assertNotIn("[C]", err)
        self.assertNotIn("options.lua", err)

    def test_place_in_the_library_becomes_the_users(self):
        path = self.write("a.lua", 'local o = require "gradus.options"\n'
                                   "local n = o.nearest(5, {1})\nprint(n)\n")
        err = self.gradus(path).stderr
        self.assertTrue(err.startswith(f"gradus: {path}:2: attempt to"), err)

    def test_an_error_rethrown_keeps_its_place(self):
        code = "local _, e = pcall(error, 'other.lua:9: x', 0)\n\nerror(e, 0)"
        self.check(self.gradus("-e", code), 1, err="gradus: other.lua:9: x\n")


class Surroundings(program.TestCase):
    def test_no_escape_in_a_pipe(self):
        self.write("a.lua", "print(tensor.randn(3, 3)) print({1, {2}})")
        for args in (["a.lua"], ["--help"], ["-i"], ["-e", "error('x')"]):
            done = self.gradus(*args, stdin="1 + 1\nerror('x')\n")
            self.assertNotIn("\x1b", done.stdout + done.stderr, args)

    def german(self):
        """The environment of someone whose decimal point is a comma."""
        made = subprocess.run(
            ["localedef", "-i", "de_DE", "-f", "UTF-8",
             os.path.join(self.home, "de_DE.UTF-8")],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if made.returncode > 1:
            self.skipTest("no locale de_DE can be made here")
        return {"LOCPATH": self.home, "LC_ALL": "de_DE.UTF-8"}

    def test_numbers_never_change_with_the_locale(self):
        env = self.german()
        code = ("print(0.5, tonumber('0.25'), tonumber('0,25'), 1e-3)"
                " print(tensor{0.5})")
        plain = self.gradus("-e", code)
        self.check(self.gradus("-e", code, env=env), out=plain.stdout)
        self.assertTrue(plain.stdout.startswith("0.5\t0.25\tnil\t0.001\n"))


if __name__ == "__main__":
    program.main()
