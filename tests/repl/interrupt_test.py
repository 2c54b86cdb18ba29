# SPDX-License-Identifier: GPL-3.0-or-later
"""Ctrl-C, SIGTERM, SIGHUP and the end of input."""
import os
import signal
import termios
import time

import prompt

RUNAWAYS = {
    "loop": "while true do end",
    "pcall loop": "while true do pcall(error) end",
    "caught stop": "while true do pcall(function() while true do end end) end",
    "xpcall": "while true do xpcall(function() while true do end end, print) end",
    "handler": "xpcall(function() while true do end end, "
               "function() while true do end end)",
    "closing what was stopped": "coroutine.wrap(function() local x <close> = "
                                "setmetatable({}, {__close = function() "
                                "while true do end end}) while true do end end)()",
    "coroutine": "coroutine.wrap(function() while true do end end)()",
    "resumed": "co = coroutine.create(function() while true do end end) "
               "while true do coroutine.resume(co) end",
    "switching": "w = coroutine.wrap(function() while true do coroutine.yield() "
                 "end end) while true do w() end",
    "closing": "while true do co = coroutine.create(function() "
               "local x <close> = setmetatable({}, {__close = function() "
               "while true do end end}) coroutine.yield() end) "
               "coroutine.resume(co) coroutine.close(co) end",
    "reader": "while true do load(function() while true do end end) end",
    "sort": "table.sort({1, 2, 3}, function() while true do end end)",
    "printing": "setmetatable({}, {__tostring = function() "
                "while true do end end})",
    "sleep": "require('gradus.terminal').sleep(60)",
    "reading": "io.read()",
    "kernel": "b = tensor.ones(30000000) while true do c = b:exp() end",
    "plots": "plot.terminal('text') while true do print(plot.curve({1, 2})) end",
    "pattern": "string.rep('a', 50):find(('a-'):rep(50) .. 'b')",
    "rep": "while true do string.rep('ab', 1e8) end",
    "products": "a = tensor.ones(700, 700) while true do b = a:matmul(a) end",
}


class Interrupt(prompt.TestCase):
    def stop(self, code):
        """Runs code and presses Ctrl-C in it; the seconds until it is reported."""
        self.type("print('be' .. 'gun'); " + code)
        self.see("begun")
        self.busy()
        started = time.monotonic()
        self.interrupt()
        self.see("interrupted")
        self.ready()
        return time.monotonic() - started

    def test_runaways_stop_and_variables_live(self):
        self.type("kept = 'st' .. 'ill here'")
        self.ready()
        for name, code in RUNAWAYS.items():
            with self.subTest(name):
                print(f"{name}: stopped after {self.stop(code):.3f} s")
                self.type("kept")
                self.see("still here")
                self.ready()

    def test_a_flood_of_output(self):
        self.type("while true do print(('x'):rep(100)) end")
        self.see("x" * 100)
        self.interrupt()
        self.see("interrupted")
        self.type("'a' .. 'live'")
        self.see("alive")
        self.ready()
        self.child.sendeof()
        self.leaves(0)

    def test_at_the_prompt_it_cancels_the_line(self):
        self.press("print('never')")
        self.see("never")
        self.interrupt()
        self.see("^C")
        self.ready()
        self.type("'a' .. 'live'")
        self.see("alive")

    def test_as_soon_as_the_prompt_is_there(self):
        self.child.delaybeforesend = None
        for i in range(50):
            self.type(f"'<' .. {i} .. '>'")
            self.see(f"<{i}>")
            self.ready()
            self.interrupt()
            self.see("^C")
            self.ready()

    def between(self, before, after):
        """A Ctrl-C comes when no key is read and nothing is evaluated."""
        self.type("S = require('gradus.repl.session'); old = S.process; "
                  "pid = io.open('/proc/self/stat'):read('n'); "
                  "function press() io.popen('kill -INT ' .. pid .. '; sleep 0.1'):close() end")
        self.ready()
        self.type(f"function S.process(...) {before} old(...) {after} S.process = old end")
        self.ready()

    def test_between_a_line_and_its_evaluation(self):
        self.between("press()", "")
        self.type("while true do end")
        self.see("interrupted")
        self.ready()
        self.type("'a' .. 'live'")
        self.see("alive")

    def test_between_an_evaluation_and_the_prompt(self):
        self.between("", "press()")
        self.type("'do' .. 'ne'")
        self.see("done")
        self.see("^C")
        self.ready()
        self.type("'a' .. 'live'")
        self.see("alive")

    def test_as_soon_as_a_line_is_entered(self):
        self.child.delaybeforesend = None
        for pause in [0, 0.00001, 0.0001, 0.0003, 0.001, 0.005] * 25:
            self.type("while true do end")
            end = time.perf_counter() + pause
            while time.perf_counter() < end:
                pass
            self.interrupt()
            self.see_match(r"interrupted|\^C\r")
            self.ready()
        self.type("'a' .. 'live'")
        self.see("alive")

    def test_keys_behind_it_belong_to_the_next_line(self):
        """Both are there when the program looks."""
        self.press("x = ")
        self.see("x = ")
        self.child.kill(signal.SIGSTOP)
        self.press("\x03")
        self.type("'a' .. 'live'")
        self.child.kill(signal.SIGCONT)
        self.see("^C")
        self.see("alive")
        self.assertNotIn("interrupted", self.screen())

    def test_in_a_search(self):
        self.type("first = 1")
        self.ready()
        self.press("\x12fir")
        self.see("first = 1")
        self.interrupt()
        self.see("^C")
        self.ready()
        self.type("first + 41")
        self.see("42")

    def test_in_a_continuation(self):
        self.type("x = {")
        self.see(">> ")
        self.interrupt()
        self.ready()
        self.type("'a' .. 'live'")
        self.see("alive")

    def test_fifty_in_a_row(self):
        for _ in range(50):
            self.interrupt()
        self.type("'a' .. 'live'")
        self.see("alive")
        self.ready()
        self.stop("while true do end")

    def test_second_explains_third_quits(self):
        self.type("print('be' .. 'gun') table.move({}, 1, 1 << 60, 2)")
        self.see("begun")
        for _ in range(2):
            # Once it has computed for a while it is inside of table.move, or has dealt with
            # the press before: presses that are close together count as one.
            self.busy(0.3)
            self.child.kill(signal.SIGINT)
        self.see("cannot stop")
        self.busy(0.3)
        self.child.kill(signal.SIGINT)
        self.leaves(130)

    def is_cooked(self):
        return bool(termios.tcgetattr(self.child.child_fd)[3] & termios.ICANON)

    def test_sigterm_restores_the_terminal(self):
        self.assertFalse(self.is_cooked())
        self.child.kill(signal.SIGTERM)
        self.wait_for(self.is_cooked)
        self.leaves(128 + signal.SIGTERM)

    def test_suspended_and_resumed(self):
        self.press("'a' .. ")
        self.see("'a' .. ")
        self.child.send("\x1a")
        _, status = os.waitpid(self.child.pid, os.WUNTRACED)
        self.assertTrue(os.WIFSTOPPED(status))
        self.assertTrue(self.is_cooked())
        self.child.kill(signal.SIGCONT)
        self.type("'live'")
        self.see("alive")

    def test_sighup_while_evaluating(self):
        self.type("print('be' .. 'gun') while true do end")
        self.see("begun")
        self.child.kill(signal.SIGHUP)
        self.leaves(128 + signal.SIGHUP)

    def test_resize(self):
        self.press("'" + "long" * 20)
        self.see("long" * 20)
        self.child.setwinsize(30, 61)
        self.press("' .. #'end'\r")
        self.see("longlong3")
        self.ready()
        self.type("(require('gradus.terminal').size())")
        self.see("61")
        self.ready()

    def test_end_of_input_in_a_continuation_cancels(self):
        self.type("x = {")
        self.see(">> ")
        self.child.sendeof()
        self.ready()
        self.child.sendeof()
        self.leaves(0)


class Script(prompt.TestCase):
    def test_script_stops_with_130(self):
        path = os.path.join(self.home, "endless.lua")
        with open(path, "w") as script:
            script.write("print('be' .. 'gin') while true do pcall(error) end")
        self.start(path, wait=False)
        self.see("begin")
        self.interrupt()
        self.leaves(130)


if __name__ == "__main__":
    prompt.main()
