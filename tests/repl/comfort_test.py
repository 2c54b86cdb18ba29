# SPDX-License-Identifier: GPL-3.0-or-later
"""Completion, help, commands and history."""
import os
import signal
import stat
import subprocess

import prompt


class Completion(prompt.TestCase):
    def complete(self, keys, expected):
        self.press(keys)
        self.see(expected)
        self.cancel()

    def test_names(self):
        self.complete("string.le\t", "string.len")
        self.complete("tensor.ze\t", "tensor.zeros")

    def test_methods(self):
        self.type("x = tensor.ones(2)")
        self.ready()
        self.complete("x:nume\t", "x:numel")
        self.type("obj = setmetatable({}, {__index = {advance = print}})")
        self.ready()
        self.complete("obj:adv\t", "obj:advance")

    def test_the_class_of_a_call(self):
        self.complete("tensor.ones(2):nume\t", "(2):numel")

    def test_option_keys(self):
        self.complete("tensor.zeros(2, {dt\t", "{dtype = ")

    def test_nets_and_optimisers(self):
        self.complete("nn.Seq\t", "nn.Sequential")
        self.complete("optim.SGD(p, {mo\t", "{momentum = ")
        self.type("net = nn.Sequential(nn.Linear(2, 1))")
        self.ready()
        self.complete("net:paramet\t", "net:parameters")
        self.complete("net[1].wei\t", "net[1].weight")

    def test_private_names_only_on_request(self):
        self.type("t = {_hidden = 1, shown = 2}")
        self.ready()
        self.complete("t.\t", "t.shown")
        self.complete("t._\t", "t._hidden")

    def test_files(self):
        open(os.path.join(self.home, "numbers.csv"), "w").close()
        self.complete("f = 'numb\t", "'numbers.csv")

    def test_commands(self):
        self.complete(":res\t", ":res")
        self.complete(":thr\t", ":threads")

    def test_names_the_input_declares(self):
        self.type("function wide(alphabet, ...)")
        self.see(">> ")
        self.press("local omega = alph\t")
        self.see("alphabet")
        self.press("\r")
        self.see(">> ")
        self.press("return ome\t")
        self.see("omega")
        self.press(" .. '!'\r")
        self.see(">> ")
        self.press("end\r")
        self.ready()
        self.type("wide('lett' .. 'ers')")
        self.see("letters!")

    def test_lesson_names(self):
        self.complete(":lesson 01-f\t", "01-first-steps")

    def test_second_tab_lists_options_and_commands(self):
        self.complete("optim.SGD(p, {\t\t", "nesterov")
        self.complete(":s\t\t", ":seed [N]")

    def test_functions_with_results_of_known_classes(self):
        self.type("opt = optim.SGD({tensor.ones(2, {requires_grad = true})}, {lr = 0.1})")
        self.ready()
        self.complete("opt:zero\t", "opt:zero_grad")

    def test_second_tab_shows_signatures(self):
        self.complete("tensor.zeros(\t\t", "A tensor of zeros")

    def test_metamethods_do_not_run(self):
        self.type("ran = 0; trap = setmetatable({}, {__index = function() "
                  "ran = ran + 1 end, __pairs = function() ran = ran + 1 end})")
        self.ready()
        self.press("trap.x.y\t\ttrap:\t\tseen")
        self.see("seen")
        self.cancel()
        self.type("'ran ' .. ran")
        self.see("ran 0")

    def test_no_part_is_loaded_by_accident(self):
        self.press("n\t\tne\t\tseen")
        self.see("seen")
        self.cancel()
        self.type("'nn: ' .. tostring(package.loaded['gradus.nn'])")
        self.see("nn: nil")


class Help(prompt.TestCase):
    def test_name(self):
        self.type("?tensor.zeros")
        self.see("A tensor of zeros")
        self.ready()
        self.type("tensor.zeros?")
        self.see("A tensor of zeros")

    def test_source_of_the_real_file(self):
        self.type("??help.answer")
        self.see("help/init.lua")
        self.see("function M.answer(query)")

    def test_source_of_a_class_not_loaded_yet(self):
        self.type("??nn.Dropout")
        self.see("nn/Dropout.lua")
        self.see("function Dropout:forward(x)")

    def test_source_typed_at_the_prompt(self):
        self.type("function twice(x) return 2 * x end")
        self.ready()
        self.type("??twice")
        self.see("-- input 1")
        self.see("function twice(x) return 2 * x end")

    def test_name_with_a_field_and_near_names(self):
        self.type("?nn.Linear")
        self.see("Multiplies by the weight")
        self.ready()
        self.type("?nn.Liner")
        self.see("Did you mean nn.Linear?")
        self.ready()
        self.type(":help seed")
        self.see("Starts the random numbers anew")

    def test_search(self):
        self.type("?*zeros*")
        self.see(" found")
        self.see("tensor.zeros")

    def test_near_names(self):
        self.type("?tensor.zeroes")
        self.see("Did you mean tensor.zeros?")

    def test_help_lists_commands(self):
        self.type(":help")
        self.see(":who")


class Commands(prompt.TestCase):
    def path(self, name):
        return os.path.join(self.home, name)

    def test_who(self):
        self.type("x = tensor.ones(2, 3, {dtype = 'float64'})")
        self.ready()
        self.type(":who")
        self.see_match(r"x +tensor +2x3 +float64 +48 B")

    def test_save_gives_a_script_that_runs(self):
        for line in ("a = 20", "fails(", "a + 1", "local b = 1", "_ * 2"):
            self.type(line)
            if line == "fails(":
                self.see(">> ")
                self.cancel()
            else:
                self.ready()
        self.type("7 * 6, 'sev' .. 'eral' -- two")
        self.ready()
        self.type("c = 5; c + 1;")
        self.ready()
        self.type("_1 .. ' and ' .. tostring(_2)")
        self.see("6 and nil")
        self.ready()
        self.type(":save saved.lua")
        self.see("7 inputs saved")
        self.ready()
        run = subprocess.run([prompt.PROGRAM, self.path("saved.lua")], capture_output=True,
                             text=True, check=False, timeout=600)
        self.assertEqual("21\n42\n42\tseveral\n6 and several\n", run.stdout, run.stderr)
        self.type(":load saved.lua")
        self.see("21")
        self.see("42")

    def test_log(self):
        self.type(":log on notes.txt")
        self.ready()
        self.type("print('pri' .. 'nted')")
        self.see("printed")
        self.ready()
        self.type("'res' .. 'ult'")
        self.see("result")
        self.ready()
        self.type("io.stderr:write('to ', 'errors', '\\n');")
        self.see("to errors")
        self.ready()
        self.type("io.write('\\rdrawn', '\\rdrawn again\\27[0m\\n');")
        self.ready()
        self.type("error('oo' .. 'ps')")
        self.see("oops")
        self.ready()
        self.type(":log off")
        self.ready()
        self.type("'af' .. 'ter'")
        self.see("after")
        with open(self.path("notes.txt")) as log:
            text = log.read()
        self.assertIn("> print('pri'", text)
        self.assertIn("printed\n", text)
        self.assertIn("result\n", text)
        self.assertIn("\nto errors\n", text)
        self.assertIn("\ndrawn again\n", text)
        self.assertIn("\noops\n", text)
        self.assertNotIn("\x1b", text)
        self.assertNotIn("after", text)

    def test_reset(self):
        self.type("gone = 1")
        self.ready()
        self.type(":reset")
        self.ready()
        self.type("gone")
        self.see("`gone` is not defined")

    def test_time_bench_seed_threads(self):
        for line, pattern in ((":time 1 + 1", r"[\d.]+ [mun]s"),
                              (":bench 1 + 1", r"median [\d.]+ [mun]?s"),
                              (":seed 42", "42"), (":threads 1", "1"),
                              (":seed x", "usage"), (":sed 1", "Did you mean :seed")):
            self.type(line)
            self.see("\n")
            self.see_match(pattern)
            self.ready()

    def test_plot_chooses_where_pictures_go(self):
        self.type(":plot text")
        self.ready()
        self.type("plot.curve({1, 2}, {title = 'in ' .. 'letters'})")
        self.see("in letters")
        self.ready()
        self.type(":plot txet")
        self.see("text")
        self.ready()

    def test_load_an_error_and_a_missing_file(self):
        with open(self.path("wrong.lua"), "w") as file:
            file.write("x = 1\nerror('in ' .. 'line two')\n")
        self.type(":load wrong.lua")
        self.see("in line two")
        self.ready()
        self.type(":load missing.lua")
        self.see("missing.lua: No such file")
        self.ready()

    def test_edit_a_file(self):
        script = self.path("editor")
        with open(script, "w") as file:
            file.write("#!/bin/sh\necho \"print('fi' .. 'le')\" > \"$1\"\n")
        os.chmod(script, 0o755)
        self.start(env={"VISUAL": script})
        self.type(":edit mine.lua")
        self.see("file")

    def test_edit(self):
        script = self.path("editor")
        with open(script, "w") as file:
            file.write("#!/bin/sh\necho \"'edi' .. 'ted'\" > \"$1\"\n")
        os.chmod(script, 0o755)
        self.start(env={"EDITOR": script, "VISUAL": ""})
        self.type(":edit")
        self.see("edited")

    def test_quit(self):
        self.type(":quit")
        self.leaves(0)


class History(prompt.TestCase):
    def file(self):
        return os.path.join(self.home, ".local/state/gradus/history")

    def test_survives_kill_with_whole_entries(self):
        self.type("for i = 1, 1 do")
        self.see(">> ")
        self.type("print('in' .. 'side')")
        self.see(">> ")
        self.type("end")
        self.see("inside")
        self.ready()
        self.assertEqual(0o600, stat.S_IMODE(os.stat(self.file()).st_mode))
        self.child.kill(signal.SIGKILL)
        self.start()
        self.press("\x1b[A")
        self.see("for i = 1, 1 do")
        self.press("\r")
        self.see("inside")

    def test_home_and_end_stay_in_a_line_of_several(self):
        for line, wait in (("for i = 1, 1 do", ">> "), ("print('in' .. 'side')", ">> "),
                           ("end", "inside")):
            self.type(line)
            self.see(wait)
        self.ready()
        self.press("\x1b[A")
        self.see("end")
        self.press("\x1b[Hprint('ho' .. 'me') \x1b[F print('la' .. 'st')\r")
        self.see("home")
        self.see("last")
        self.ready()
        self.press("\x1b[A")
        self.see("end")
        self.press("\x01\x01print('fi' .. 'rst') \x05 print('sec' .. 'ond')\r")
        self.see("first")
        self.see("second")
        self.see("inside")

    def test_two_sessions_keep_both(self):
        first = self.child
        self.type("'se' .. 'ssion one'")
        self.see("session one")
        self.ready()
        self.start()
        self.type("'se' .. 'ssion two'")
        self.see("session two")
        self.ready()
        self.end(first)
        self.end(self.child)
        with open(self.file()) as history:
            text = history.read()
        self.assertIn("'ssion one'", text)
        self.assertIn("'ssion two'", text)

    def test_prefix_search(self):
        for line in ("apple = 1", "berry = 2"):
            self.type(line)
            self.ready()
        self.press("app\x1b[A\r")
        self.see("apple = 1")

    def test_reverse_search(self):
        for line in ("red = 40", "blue = 2"):
            self.type(line)
            self.ready()
        self.press("\x12red")
        self.see("red = 40")
        self.press("\r")
        self.ready()
        self.type("red + blue")
        self.see("42")

    def test_sighup_and_sigterm_keep_the_history(self):
        for number, how in enumerate((signal.SIGHUP, signal.SIGTERM)):
            self.type(f"'kept ' .. {number}")
            self.see(f"kept {number}")
            self.ready()
            self.press("half a line")
            self.see("half a line")
            self.child.kill(how)
            self.leaves(128 + how)
            self.start()
            self.press("\x1b[A")
            self.see(f"'kept ' .. {number}")
            self.press("\r")
            self.see(f"kept {number}")
            self.ready()

    def test_the_folder_of_xdg(self):
        self.start(env={"XDG_STATE_HOME": os.path.join(self.home, "state")})
        self.type("'in ' .. 'xdg'")
        self.see("in xdg")
        with open(os.path.join(self.home, "state/gradus/history")) as history:
            self.assertIn("in ' .. 'xdg", history.read())

    def test_no_history(self):
        self.start("--no-history")
        self.type("'not ' .. 'kept'")
        self.see("not kept")
        with open(self.file()) as history:
            self.assertNotIn("kept", history.read())


if __name__ == "__main__":
    prompt.main()
