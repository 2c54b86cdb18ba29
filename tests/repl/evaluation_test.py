# SPDX-License-Identifier: GPL-3.0-or-later
"""What is evaluated, printed, warned about and reported."""
import os
import shutil
import subprocess

import prompt


class Evaluation(prompt.TestCase):
    def answer(self, line, expected):
        self.type(line)
        self.see(line)  # the echo
        self.see(expected)
        self.ready()

    def test_several_results_and_nil(self):
        self.answer("1, nil, 'x'", "1\tnil\tx")
        self.answer("nil", "nil")

    def test_semicolon_silences(self):
        self.type("77 * 100;")
        self.ready()
        self.type("_")
        self.see("7700")
        self.assertEqual(1, self.screen().count("7700"))

    def test_an_expression_behind_a_semicolon(self):
        self.answer("v = 20; w = 3; v + w", "23")
        self.type("v = 21; v * 100;")
        self.ready()
        self.answer("_ + 1", "2101")
        self.answer("s = 'a;b'; s", "a;b")
        self.answer("s = 'c'; s:upper() .. s:rep(2)", "Ccc")
        self.answer("s = 'd'; s:rep(3)", "ddd")

    def test_last_results_are_kept(self):
        self.answer("'aa' .. 'bb', 'cc' .. 'dd'", "aabb\tccdd")
        self.answer("_2 .. _1", "ccddaabb")

    def test_an_unfinished_input_continues(self):
        self.type("for i = 1, 2 do")
        self.see(">> ")
        self.type("print('row ' .. i)")
        self.see(">> ")
        self.type("end")
        self.see("row 1")
        self.see("row 2")
        self.ready()

    def test_an_open_string_is_an_error_not_unfinished(self):
        self.answer('x = "abc', "unfinished string")

    def test_the_caret_is_below_the_token(self):
        self.type("value = 3 + * 4")
        self.see("unexpected symbol near '*'")
        self.see("value = 3 + * 4")
        self.ready()
        lines = self.screen().split("\n")
        caret = [i for i, line in enumerate(lines) if line.strip() == "^"][0]
        self.assertEqual(lines[caret].index("^"), lines[caret - 1].index("*"))

    def test_local_warns_and_is_remembered(self):
        self.answer("local hidden = 1", "local hidden ends with this input")
        self.answer("hidden", "it was local to an earlier input")

    def test_undefined_names_the_nearest(self):
        self.type("net = 5")
        self.ready()
        self.answer("nett", "`nett` is not defined; did you mean `net`?")
        self.answer("tensor.zeroes(2)", "did you mean `tensor.zeros`?")

    def test_misspelt_methods_fields_and_options(self):
        self.type("net = nn.Sequential(nn.Linear(2, 3)); deep = {inner = {width = 1}}")
        self.ready()
        self.answer("net[1]:paramters()", "Did you mean 'parameters'?")
        self.answer("net[1].weigth", "did you mean `weight`?")
        self.answer("net.eval()", "a method is called with a colon: net:eval()")
        self.answer("('x'):fnid('y')", "did you mean `find`?")
        self.type("list = {1, 2, 3}")
        self.ready()
        self.answer("list:sum()", "a table has no methods, a tensor has: tensor(list):sum()")
        self.answer("tensor.std({1, 2})", "std: 'x' should be a tensor; got table")
        self.answer("tensor.flatten()", "flatten: 'x' is missing; expected a tensor")
        self.answer("require 'foo'", "module 'foo' is not there")
        self.answer("math.sine(2)", "did you mean `sin`?")
        self.answer("deep.inner.widht", "did you mean `width`?")
        self.answer("nn.Linear(2, 3, {bais = false})", "Did you mean 'bias'?")

    def test_depth_is_limited(self):
        self.type("t = {}; t[1] = {{{{{{}}}}}}")
        self.ready()
        self.answer("t", "{{{{...}}}}")

    def test_nets_tensors_and_figures(self):
        self.answer("nn.Sequential(nn.Linear(2, 3), nn.ReLU())", "Linear(2 -> 3)")
        self.answer("tensor.ones(2, 2)", "{1, 1}}  -- float32 (2, 2)")
        self.type("plot.terminal('text'); plot.curve({1, 2}, {title = 'up' .. 'hill'})")
        self.see("uphill")
        self.ready()

    def test_the_prompt_shows_what_a_session_says(self):
        self.type("require('gradus.init').session.prompt = 'unit 3/9'")
        self.see("unit 3/9> ")
        self.type("x = {")
        self.see("        >> ")
        self.type("}")
        self.see("unit 3/9> ")

    def test_continuation_is_indented(self):
        self.type("function f(a)")
        self.see_match(r">>   ")
        self.type("return a")
        self.see_match(r">>   ")
        self.type("end")
        self.ready()
        self.type("f(7 * 6)")
        self.see("42")

    def test_frames_are_the_users(self):
        self.type("function inner(t) return t.a.b end")
        self.ready()
        self.type("inner{}")
        self.see("attempt to index a nil value (field 'a')")
        self.see("function inner(t) return t.a.b end")
        self.ready()
        self.assertNotIn(".lua:", self.screen())
        self.assertNotIn("[C]", self.screen())

    def test_slips_in_calls_of_luas_own_show_a_way_out(self):
        self.answer("for i in {1, 2} do end", "is walked with: for i, v in ipairs(list) do")
        self.answer("math.exp(tensor{1})", "tensors have their own: x:exp()")

    def test_much_in_all_is_cut(self):
        self.type("t = {}; for i = 1, 50 do t[i] = {}; for j = 1, 50 do t[i][j] = i * j end end")
        self.ready()
        self.answer("t", "{...}")
        self.assertLess(self.screen().count("\n"), 300)

    def test_a_function_that_calls_itself_without_end_is_told_once(self):
        self.type("function deep(n) return deep(n + 1) + 1 end")
        self.ready()
        self.type("deep(1)")
        self.see("stack overflow")
        self.see("and so on")
        self.ready()
        self.assertEqual(1, self.screen().count("in function 'deep'"))

    def test_a_long_text_that_does_not_end_is_told(self):
        self.type("x = [[one")
        for i in range(4):
            self.see(">> ")
            self.type(f"line {i}")
        self.see("the text that begins with `[[` in line 1 waits for its `]]`")
        self.see(">> ")
        self.cancel()

    def test_cycles_end(self):
        self.type("t = {b = 1, a = 2}; t.me = t")
        self.ready()
        self.answer("t", "{a = 2, b = 1, me = <cycle>}")

    def test_long_tables_are_cut(self):
        self.type("t = {}; for i = 1, 1000 do t[i] = i end")
        self.ready()
        self.answer("t", "940 more")

    def test_functions_show_their_signature(self):
        self.answer("tensor.zeros", "A tensor of zeros")
        self.answer("function(a, b, ...) end", "function(a, b, ...)")

    def test_slow_inputs_tell_the_time(self):
        self.type("require('gradus.terminal').sleep(1.1)")
        shown = self.see_match(r"\((\d+\.\d\d) s\)")
        self.assertGreaterEqual(float(shown[1]), 1.1)

    def test_failing_tostring_leaves_the_prompt(self):
        self.type("setmetatable({}, {__tostring = function() error('no') end})")
        self.see("whose __tostring fails")
        self.ready()

    def test_utf8(self):
        self.answer("#'grüße' .. ' ' .. 'grüße'", "7 grüße")

    def german(self):
        """The environment of a German user; the locale is made here where it is missing."""
        if not shutil.which("localedef"):
            self.skipTest("localedef, which makes the German locale, is not installed")
        folder = os.path.join(self.home, "locales")
        os.mkdir(folder)
        made = subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8",
                               os.path.join(folder, "de_DE.UTF-8")],
                              capture_output=True, text=True, check=False)
        if not os.path.isdir(os.path.join(folder, "de_DE.UTF-8")):
            self.skipTest("the German locale cannot be made: " + made.stderr)
        env = {"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8", "LOCPATH": folder}
        real = subprocess.run(["locale", "decimal_point"], env={**os.environ, **env},
                              capture_output=True, text=True, check=False)
        self.assertEqual(",", real.stdout.strip())
        return env

    def test_numbers_keep_the_point_in_a_german_locale(self):
        self.start(env=self.german())
        self.answer("1 / 4", "0.25")
        self.answer("tensor{0.5}", "tensor{0.5000}")
        self.answer("tonumber('0.125') * 2", "0.25")
        self.answer("load('return 1.5')()", "1.5")
        self.answer("#'grüße' .. '-ü'", "7-ü")
        self.type("plot.terminal('text'); plot.curve({0.25, 0.75})")
        self.see("0.75")
        self.ready()
        self.type(":time 1 + 1")
        self.see_match(r"[\d.]+ [mun]s")


class Paste(prompt.TestCase):
    def paste(self, text):
        self.press("\x1b[200~" + text + "\x1b[201~")

    def test_a_block_runs_once_as_pasted(self):
        self.paste("count = (rawget(_G, 'count') or 0) + 1\n"
                   "local s = 'a\tb'\n#s .. ' bytes, run ' .. count")
        self.press("\r")
        self.see("3 bytes, run 1")
        self.ready()

    def test_200_kilobytes(self):
        lines = [f"t[#t + 1] = {i} -- {'x' * 80}" for i in range(2000)]
        self.type("t = {}")
        self.ready()
        text = "\n".join(lines)
        self.assertGreater(len(text), 190_000)
        self.child.delaybeforesend = None
        self.paste(text)
        self.press("\r")
        self.type("'has ' .. #t")
        self.see("has 2000")

    def test_ctrl_c_in_a_paste_drops_it(self):
        # Shown only when the paste ends; the rest comes right behind the Ctrl-C.
        self.press_unseen("\x1b[200~print('never')\nx = 1")
        self.press("\x03\nprint('ne' .. 'ither')\n\x1b[201~")
        self.see("^C")
        self.ready()
        self.type("'a' .. 'live'")
        self.see("alive")
        self.assertNotIn("neither", self.screen())


class Dumb(prompt.TestCase):
    env = {"TERM": "dumb"}

    def test_no_escapes(self):
        self.type("'pl' .. 'ain'")
        self.see("plain")
        self.ready()
        self.log.flush()
        with open(self.log.name, encoding="utf-8") as log:
            self.assertNotIn("\x1b", log.read())

    def test_tabs_in_a_plain_paste_stay(self):
        self.press("x = 'a\tb'\n#x .. ' long'\n")
        self.see("3 long")


class CLocale(prompt.TestCase):
    env = {"LC_ALL": "C", "LANG": "C"}

    def test_utf8_goes_through(self):
        self.type("#'ü' .. '-ü'")
        self.see("2-ü")


class Colors(prompt.TestCase):
    def test_errors_are_red_where_wanted(self):
        self.start(env={"NO_COLOR": ""}, wait=False)
        self.see("> ")
        self.type("error('o' .. 'ops')")
        self.see("\x1b[31moops")

    def test_source_is_coloured(self):
        self.start(env={"NO_COLOR": ""}, wait=False)
        self.see("> ")
        self.type("??nn.Dropout")
        self.see("\x1b[35mfunction")


if __name__ == "__main__":
    prompt.main()
