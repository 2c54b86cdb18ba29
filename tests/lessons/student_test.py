# SPDX-License-Identifier: GPL-3.0-or-later
"""A student takes a lesson with every kind of step, at a real terminal: right and wrong answers,
recognised mistakes, hints, back, skip, Ctrl-C in a runaway answer, kill and resume."""
import json
import os
import pathlib
import signal
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "repl"))
import prompt  # noqa: E402

LESSON = str(pathlib.Path(__file__).resolve().parent / "every.lua")


class Student(prompt.TestCase):
    env = {"GNUTERM": "", "TERM": "xterm"}

    def open(self):
        self.type(f":lesson {LESSON} --seed=5")

    def dialogue(self, *pairs):
        for text, answer in pairs:
            self.type(text)
            self.see(answer)

    def at_the_prompt(self):
        """Waits until the next line is asked for: what came before it is done and kept."""
        self.see_match(r"\w+ \d+/\d+> ")

    def to_the_first_question(self):
        self.open()
        self.see("Press Enter.")
        self.type("")
        self.see("What is the sum")

    def test_from_start_to_end(self):
        self.to_the_first_question()
        self.dialogue(
            ("x:mean()", "That is the mean."),
            (":hint", "hint 1 of 2: There is a method"),
            (":hint", "hint 2 of 2"),
            (":hint", "No more hints"),
            ("x:max()", "Not yet."),
            ("x:sum() + 1", "`:solution` shows the answer"),
            (":solution", "x:sum()"),
            ("1 + 2 + 3 + 6", "Right."),
        )
        self.see("another:")
        self.see("Make `y`")
        self.dialogue(
            ("y = x:mul_(2)", "That changed `x` itself."),
            ("x:totable()[1] + 0.5", "1.5"),
            ("y = tensor{2, 4, 6, 12}", "Right."),
        )
        self.see("How many numbers")
        self.dialogue(
            ("3 numbers", "One was forgotten."),
            ("4 numbers", "You counted twice."),
        )
        self.see("Which are even?")
        self.see_match(r"1\) ")
        screen = prompt.plain(self.screen())
        order = {}
        for line in screen.splitlines():
            parts = line.strip().split(") ")
            if len(parts) == 2 and parts[1] in ("two", "four", "seven"):
                order[parts[1]] = parts[0]
        self.dialogue(
            (order["seven"], "Seven is odd."),
            (order["two"], "Right so far, but not all."),
            (f"{order['two']}, {order['four']}", "Four is even."),
        )
        self.see("The largest of")
        self.type("6 cm")
        self.see("100 of 100 points")
        self.see("Sketch `x`.")
        self.dialogue(("(1, 1", "A point is two numbers"), ("(1, 1) (4, 6)", "Your sketch:"))
        self.see("times")
        self.dialogue(("0", "0 is not it."), (":skip", "three points"))
        self.see("should double.")
        self.dialogue(
            ("function double(v) return v + 2 end", "That adds two."),
            ("double(1)", "2"),
            ("double = function(v) return v + v end", "Right."),
        )
        self.see("Play.")
        self.dialogue(("double(21)", "42"), (":next", "The last page."))
        self.see("The end: Every step")

    def test_ctrl_c_in_an_answer(self):
        self.to_the_first_question()
        self.type("print('be' .. 'gun') while true do x:add_(1) end")
        self.see("begun")
        self.child.sendintr()
        self.see("interrupted")
        self.see("your variables are as before")
        self.dialogue(("x:sum()", "Right at once."))

    def test_the_prompt_names_the_lesson(self):
        self.to_the_first_question()
        self.see("every 4/")
        self.dialogue((":quit", "Left the lesson"))
        self.ready()

    def test_ctrl_c_while_the_lesson_waits(self):
        self.open()
        self.see("Press Enter.")
        self.at_the_prompt()
        self.child.sendintr()
        self.see("^C")
        self.dialogue(("", "What is the sum"))
        self.at_the_prompt()
        self.press("x:su")
        self.see("x:su")
        self.child.sendintr()
        self.see("^C")
        self.dialogue(("x:sum()", "Right at once."))

    def test_a_long_pattern_in_an_answer_is_explained(self):
        self.to_the_first_question()
        self.dialogue((":quit", "Left the lesson"))
        path = os.path.join(self.home, "slow.lua")
        with open(path, "w", encoding="utf-8") as file:
            file.write('lesson "Slow" {topic = "t", minutes = 1}\n'
                       'code [[ ("a"):rep(50):find(("a-"):rep(50) .. "b") ]] {seconds = 0.3}\n'
                       'ask "One?" {solution = "1", hints = "h"}\n')
        self.type(f":lesson {path}")
        self.see("it was stopped because it took too long")
        self.see("One?")
        self.dialogue(("1", "Right at once."))

    def test_back_and_where(self):
        self.to_the_first_question()
        self.dialogue((":where", "step 4 of"), (":back", "Press Enter."))
        self.type("")
        self.see("What is the sum")
        self.dialogue((":next", "waits for an answer"), (":skip", "The solution:"))
        self.see("Make `y`")

    def test_a_solved_question_can_be_answered_again(self):
        self.to_the_first_question()
        self.dialogue(
            ("x:sum()", "Right at once."),
            ("y = x * 2", "Right at once."),
            (":back", "You have answered this one."),
            ("print('mean' .. 'while')", "meanwhile"),  # nothing to do with `y`: no answer
            (":where", "step 5 of 15"),
            ("y = x * 3", "Not yet."),
            ("y", "2, 4, 6, 12"),
        )
        self.see("How many numbers")
        self.dialogue(
            ("4", "Right at once."),
            (":back", "You have answered this one."),
            ("7", "7 is not it."),
            (":next", "You counted well."),              # the first answer counts
        )
        self.see("Which are even?")
        self.dialogue((":skip", "The largest of"), (":back", "You have skipped this one."),
                      (":next", "The largest of"))
        self.dialogue(("5 cm", "points"), (":back", "You have answered this one."))

    def test_the_number_of_steps_stays(self):
        self.to_the_first_question()
        self.see("every 4/15> ")
        self.dialogue((":skip", "every 5/15> "), (":skip", "every 6/15> "), (":skip", "every 8/15> "))

    def test_words_where_a_number_is_wanted(self):
        self.to_the_first_question()
        self.dialogue((":skip", "Make `y`"), (":skip", "How many numbers"))
        self.dialogue(
            ("eight", "A number is wanted here, in digits, in numbers."),
            ("I don't know", "A number is wanted here"),
            ("8 neurons", "wanted in numbers: is it `8`"),
            ("n = 4", "That is kept in `n`"),
            ("n", "Right at once."),
        )
        self.see("Which are even?")
        self.dialogue(("the first two", "Type the number of an answer, 1 to 3"), (":skip", "The largest"))
        self.dialogue(("six or so", "Your guess is wanted as a number"), ("6", "Sketch"))
        self.dialogue(("up and up", "A point is two numbers"), ("(1, 1)", "times"))
        self.dialogue(("eighty one", "A number is wanted here, in digits."),
                      ("80 things", "A number by itself is wanted: `80`."))

    def test_a_choice_may_be_named_in_words(self):
        path = os.path.join(self.home, "named.lua")
        with open(path, "w", encoding="utf-8") as file:
            file.write('lesson "Named" {topic = "t", minutes = 1}\ncode "dead = 1"\nchoice "Why?" {\n'
                       '  {"The learning rate is far too high.", "It is low."}, {"Most units are dead.", "They live."},\n'
                       '  {"The labels are shifted by one.", "Yes.", right = true}, shuffle = false}\n')
        self.type(f":lesson {path}")
        self.see("Why?")
        self.dialogue(("rate too high", "It is low."), ("dead units", "They live."), ("dead", "1"),
                      ("not the labels", "Type the number of an answer"), ("the", "Type the number"),
                      ("are", "Type the number"), ("I think the labels were shifted", "3) The labels are"))
        self.see("Right.")

    def test_help_and_commands_without_their_colon(self):
        self.to_the_first_question()
        self.dialogue(("help", ":hint"), ("", ":lesson"), ("help()", "`:back`"),
                      ("hint", "The command is `:hint`"), ("next", "The command is `:next`"),
                      ("solution()", "The command is `:solution`"), ("12", "Right at once."))

    def test_a_lesson_begins_without_what_another_has_made(self):
        self.dialogue(("keep = 42; x = 'mine'", "> "), ("x", "mine"))
        self.to_the_first_question()
        self.dialogue(("keep", "42"), ("own = 7", "> "), (":restart", "Press Enter."),
                      ("rawget(_G, 'own')", "nil"), ("other = 8", "> "),
                      (":quit", "Yours again as before it: `x`."),
                      ("x", "mine"), ("other + box.count", "9"))
        path = os.path.join(self.home, "second.lua")
        with open(path, "w", encoding="utf-8") as file:
            file.write('lesson "Second" {topic = "t", minutes = 1}\n'
                       'ask "One?" {solution = "1", hints = "h"}\n')
        self.type(f":lesson {path}")
        self.see("variables of the lesson before are put away")
        self.see("One?")
        self.dialogue(("print(rawget(_G, 'other'), rawget(_G, 'box'), keep, x)",
                       "nil\tnil\t42\tmine"))

    def test_a_function_of_the_lesson_shows_its_source(self):
        path = os.path.join(self.home, "half.lua")
        with open(path, "w", encoding="utf-8") as file:
            file.write('lesson "Half" {topic = "t", minutes = 1}\n'
                       'code [[\nfunction half(v)      -- of a number\n  return v / 2\nend\n]]\n'
                       'ask "One?" {solution = "1", hints = "h"}\n')
        self.type(f":lesson {path}")
        self.see("One?")
        self.dialogue(("half", "function(v)"), ("??half", "return v / 2"), ("half(2)", "Right"))

    def test_ctrl_c_in_the_code_of_a_lesson(self):
        path = os.path.join(self.home, "slow.lua")
        with open(path, "w", encoding="utf-8") as file:
            file.write('lesson "Slow" {topic = "t", minutes = 1}\ntext "First."\n'
                       'ask "Begin?" {solution = "1", hints = "h"}\n'
                       'code "if not seen then seen = 1; print(\'be\' .. \'gun\') end'
                       ' if not quick then while true do end end"\n'
                       'ask "One?" {solution = "1", hints = "h"}\nask "Two?" {solution = "2", hints = "h"}\n')
        self.type(f":lesson {path}")
        self.see("slow 2/5> ")
        self.type("1")
        self.see("begun")
        self.child.sendintr()
        self.see("Broken off; `:next` goes on")
        self.see("slow 3/5> ")
        self.dialogue((":next", "One?"), ("1", "Two?"), (":quit", "Left the lesson"))
        self.type(f":lesson {path}")
        self.see("Bringing back your variables ...")
        self.child.sendintr()               # while it is brought back
        self.see("interrupted")
        self.see_match(r"Broken off at step \d of 5")
        self.dialogue((":quit", "Left the lesson"), (":lesson", "begun. At the prompt"))
        state = next(pathlib.Path(self.home, ".local/state/gradus/lessons").glob("slow*.json"))
        self.assertEqual(5, json.loads(state.read_text("utf-8"))["at"])

    def test_ctrl_c_while_an_answer_is_judged(self):
        path = os.path.join(self.home, "judge.lua")
        with open(path, "w", encoding="utf-8") as file:
            file.write('lesson "Judge" {topic = "t", minutes = 1}\ncode "s, x = 1, tensor{1, 2}"\n'
                       'ask "Two." {solution = "s = 2; x:mul_(2); x:sum()", hints = "h", check = all_of{\n'
                       '  uses "sum", that(function(answer)\n'
                       '    if answer.vars.s == 3 then print("judg" .. "ing") while true do end end\n'
                       '    return answer.vars.s == 2, "No."\n  end)}}\n'
                       'number "Four." {answer = [[if slow then print("work" .. "ing") while true do end end return 4]], hints = "h"}\n')
        self.type(f":lesson {path}")
        self.see("judge 2/3> ")
        self.type("s = 3; x:mul_(5)")
        self.see("judging")
        self.child.sendintr()
        self.see("interrupted")
        self.see("not judged; your variables are as before it.")
        self.dialogue(("print(s, x[1]:item(), x:sum():item())", "1\t1.0\t3.0"),
                      ("s = 2; x:mul_(2); x:sum()", "Right."))
        self.see("Four.")
        self.dialogue(("slow = true; print('s' .. 'low')", "slow"))
        self.type("7")
        self.see("working")
        self.child.sendintr()
        self.see("not judged")
        self.dialogue(("slow = nil; print('qu' .. 'ick')", "quick"), ("4", "The end"))

    def test_two_at_once_hear_of_each_other(self):
        self.to_the_first_question()
        first, log = self.child, self.log
        self.start(wait=False)
        self.see("You left")
        self.ready()
        self.open()
        self.see("where you stopped")
        self.dialogue(("x:sum()", "Make `y`"))
        second, self.child, self.log = self.child, first, log
        self.dialogue((":skip", "Another gradus takes this lesson, too"))
        self.see("Make `y`")
        self.dialogue((":skip", "How many numbers"))
        self.child = second
        self.dialogue((":where", "step 5 of 15"), ("y = x * 2", "Another gradus"))
        self.see("How many numbers")

    def test_kill_and_resume(self):
        self.to_the_first_question()
        self.type("mine = 7")
        self.type("x:sum()")
        self.see("Make `y`")
        self.at_the_prompt()
        self.child.kill(signal.SIGKILL)
        self.child.wait()
        self.start(wait=False)
        self.see("You left")
        self.ready()
        self.open()
        self.see("where you stopped")
        self.dialogue(("mine", "7"), ("y = x * 2", "Right at once."))
        self.see("How many numbers")

    def test_an_edited_lesson_resumes(self):
        with open(LESSON, encoding="utf-8") as file:
            text = file.read()
        path = os.path.join(self.home, "edited.lua")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        self.type(f":lesson {path}")
        self.see("Press Enter.")
        self.type("")
        self.type("x:sum()")
        self.see("Make `y`")
        self.type(":quit")
        self.see("Left the lesson")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("ask \"Make `y`", "text \"A new page.\"\nask \"Make `y`"))
        self.type(f":lesson {path}")
        self.see("was changed since")
        self.type(":where")
        self.see("step 6 of")

    def test_classroom(self):
        self.start("lesson", LESSON, "--present", wait=False)
        self.see("Every step")
        self.see("[1/")
        self.press(" ")           # a key, no return
        self.see("[2/")
        self.press("\x1b[C")      # an arrow
        self.see("Press Enter.")
        self.press("\x1b[6~")     # page down, as a remote control sends
        self.see("What is the sum of")
        self.assertNotIn("x:sum()", self.screen())
        self.press("s")
        self.see("x:sum()")
        self.press("\x1b[D")
        self.see("Press Enter.")
        self.see("[3/")
        self.press(":")
        self.see("> ")
        self.type("#x .. ' numbers'")
        self.see("4 numbers")
        for page in range(4, 9):
            self.press("\r")
            self.see(f"[{page}/")
        self.press("z")           # no key of ours
        self.press(" s")
        self.see("It is 6 cm.")
        self.press("q")
        self.leaves(0)

    def test_classroom_is_left_by_ctrl_c_twice_with_the_terminal_restored(self):
        self.start("lesson", LESSON, "--present", wait=False)
        self.see("[1/")
        self.child.sendintr()
        self.see("Ctrl-C once more does, too")
        self.press(" ")           # an accident: the lesson goes on
        self.see("[2/")
        self.child.sendintr()
        self.see("Ctrl-C once more does, too")
        self.child.sendintr()
        self.leaves(130)

    def test_ctrl_c_in_the_classroom_stops_the_code_and_keeps_the_page(self):
        path = os.path.join(self.home, "slow.lua")
        with open(path, "w", encoding="utf-8") as file:
            file.write('lesson "Slow" {topic = "t", minutes = 1}\ntext "Begin."\n'
                       'code "print(\'be\' .. \'gun\') while true do end"\ntext "Behind it."\n')
        self.start("lesson", path, "--present", wait=False)
        self.see("[1/3]")
        self.press(" ")
        self.see("begun")
        self.child.sendintr()
        self.see("interrupted")
        self.see("[2/3]")
        self.press(" ")
        self.see("Behind it.")
        self.see("[3/3]")
        self.press(":")
        self.see("> ")
        self.type("print('ag' .. 'ain') while true do end")
        self.see("again")
        self.child.sendintr()
        self.see("interrupted")
        self.see("[3/3]")
        self.press("q")
        self.leaves(0)

    def test_trust_lifts_the_sandbox(self):
        path = os.path.join(self.home, "trusted.lua")
        canary = os.path.join(self.home, "canary")
        with open(path, "w", encoding="utf-8") as file:
            file.write('lesson "Trusted" {topic = "t", minutes = 1}\n'
                       f'code [[ io.open("{canary}", "w"):close() ]]\n'
                       'ask "One?" {solution = "require(\'math\').floor(1.5)", hints = "h"}\n')
        self.start("lesson", path, wait=False)
        self.see("a lesson has no 'io'")
        self.assertFalse(os.path.exists(canary))
        self.start("lesson", path, "--trust", "--fresh", wait=False)
        self.see("One?")
        self.assertTrue(os.path.exists(canary))
        self.dialogue(("2", "Not yet."), ("1", "Right."), (":quit", "Left the lesson"))
        self.start("check", "--trust", path, wait=False)
        self.see("sound")
        self.leaves(0)
        self.start("check", path, wait=False)
        self.see("a lesson has no")
        self.leaves(1)

    def test_restart_and_list(self):
        self.to_the_first_question()
        self.type("x:sum()")
        self.see("Make `y`")
        self.type(":restart")
        self.see("Press Enter.")
        self.type(":quit")
        self.see("Left the lesson")
        self.type(":lesson")
        self.see("01-first-steps")


WALL = """lesson "Wall" {topic = "pages", minutes = 1}
text "First line."
picture "The caption" {code = "plot.curve({1, 2, 4, 8}, {title = 'Powers'})"}
code "for i = 1, 3 do print('line', i) end\\nplot.hist({1, 2, 2, 3}, {title = 'Counted'})"
text [[%s]]
choice "Which?" {{"one", "So it is.", right = true}, {"two", "No, one."}, {"three", "No."},
  {"four", "No."}, hints = {"The first."}}
text "Last line."
"""


class Wall(prompt.TestCase):
    """Classroom mode on terminals of several sizes, the screen as a terminal would show it."""
    env = {"GNUTERM": "", "TERM": "xterm", "LANG": "C.UTF-8"}

    def setUp(self):
        super().setUp()
        text = "\n\n".join(f"Paragraph {i} has a line of its own." for i in range(1, 31))
        self.path = pathlib.Path(self.home, "wall.lua")
        self.path.write_text(WALL % text, encoding="utf-8")

    def present(self, rows, columns):
        self.size = (rows, columns)
        self.start("lesson", str(self.path), "--present", wait=False)
        self.see("[1/6]")

    def page(self):
        """The lines on the screen since it was cleared last."""
        self.log.flush()
        with open(self.log.name, encoding="utf-8", newline="") as log:
            raw = log.read().split("\x1b[2J")[-1]
        return prompt.plain(raw.split("\x1b7")[0]).split("\n")

    def test_a_picture_has_a_page_and_fills_it(self):
        for rows, columns in ((24, 80), (40, 120), (60, 200)):
            self.present(rows, columns)
            self.press(" ")
            self.see("[2/6] page 1 of 2")
            self.assertIn("plot.curve", "".join(self.page()))
            self.press(" ")
            self.see("[2/6] page 2 of 2")
            page = self.page()
            text = "\n".join(page)
            self.assertNotIn("plot.curve", text)
            self.assertIn("Powers", page[0])
            self.assertIn("The caption", text)
            self.assertLess(len(page), rows)
            self.assertGreater(len(page), rows - 5, text)
            widest = max(map(len, page))
            self.assertTrue(columns - 5 <= widest < columns, widest)
            self.press("b")
            self.see("[2/6] page 1 of 2")
            self.press("  ")
            self.see("[3/6] page 1 of 2")
            self.assertIn("line\t3", "".join(self.page()))
            self.press(" ")
            self.see("Counted")
            self.press("q")
            self.leaves(0)

    def test_a_long_text_is_cut_into_pages(self):
        self.present(24, 80)
        self.press("     ")
        self.see("[4/6] page 1 of ")
        seen = []
        for number in range(1, 6):
            page = self.page()
            self.assertLess(len(page), 24)
            seen += [line.split()[1] for line in page if "Paragraph" in line]
            if "30" in seen:
                break
            self.press(" ")
            self.see(f"[4/6] page {number + 1} of ")
        self.assertEqual([str(i) for i in range(1, 31)], seen)

    def test_answers_stay_hidden_until_asked_for(self):
        self.present(40, 120)
        self.press(" " * 7)
        self.see("Which?")
        self.see("[5/6]")
        page = "\n".join(self.page())
        for hidden in ("So it is.", "No, one.", "The first."):
            self.assertNotIn(hidden, page)
        self.press("h")
        self.see("The first.")
        self.press("s")
        self.see("So it is.")
        self.press(" ")
        self.see("Last line.")
        self.press(" ")
        self.see("The end: Wall")
        self.leaves(0)

    def test_without_a_terminal_nothing_is_placed(self):
        self.start("lesson", str(self.path), "--present", wait=False, env={"TERM": "dumb"})
        self.see("[1/6]")
        self.press("   ")
        self.see("Powers")
        self.press("q")
        self.leaves(0)
        with open(self.log.name, encoding="utf-8", newline="") as log:
            self.assertNotIn("\x1b", log.read())

    def test_pictures_are_as_large_as_before_after_it(self):
        code = f"print(lesson.main({{'{self.path}', '--present'}}), plot.size().name)"
        self.start("-e", code, wait=False)
        self.see("[1/6]")
        self.press("q")
        self.see_match(r"0\s+usual")
        self.leaves(0)


LONG = """lesson "Long" {topic = "pages", minutes = 1}
text "First line."
picture "The caption" {code = "plot.curve({1, 2, 4, 8})"}
text "After the picture."
ask "Make `z` 3." {solution = "z = 3", check = variable "z"}
fix "Double it." {broken = "function d(v)\\n  return v\\nend",
  solution = "function d(v) return 2 * v end",
  check = that(function(answer) return answer.vars.d(4) == 8, "Not doubled." end)}
choice "Which shape?" {{"(3, 4)", "So it is.", right = true}, {"(4, 3)", "On its side."},
  {"(1, 2)", "Too small."}, {"(2, 1)", "Too small."}}
predict "How many are 8 rows of 4?" {reveal = "8 * 4"}
"""


class SmallScreen(prompt.TestCase):
    """24 rows of 80 columns."""
    size = (24, 80)
    env = {"GNUTERM": "", "TERM": "xterm"}

    def open(self):
        path = pathlib.Path(self.home, "long.lua")
        path.write_text(LONG, encoding="utf-8")
        self.type(f":lesson {path} --seed=1")
        self.see("First line.")
        self.see("-- Enter goes on")
        self.type("")
        self.see("The caption")
        self.see("-- Enter goes on")

    def test_a_picture_stays_until_enter(self):
        self.open()
        self.assertNotIn("Type Lua.", self.screen())
        page = self.screen().split("-- Enter goes on")[1]
        self.assertLess(page.count("\n"), 24)
        self.type("")
        self.see("Type Lua.")

    def test_an_answer_typed_instead_of_enter_counts(self):
        self.open()
        self.type("z = 3")
        self.see("Right at once.")

    def test_broken_code_is_an_arrow_away(self):
        self.open()
        self.type("z = 3")
        self.see("Broken:")
        self.see("long 5/7> ")
        self.press("\x1b[A")
        self.see("function d(v)")
        self.press("\x15")
        self.type("function d(v) return v + v end")
        self.see("Which shape?")
        self.type("(3,4)")
        self.see("So it is.")
        self.see("How many")
        self.type("8*4")
        self.see("100 of 100 points")

    def test_long_messages_break_between_words(self):
        self.type("tensor.ones(2, 3):matmul(tensor.ones(2, 3))")
        self.see_match("matmul: shapes")
        self.ready()
        message = self.screen().split("matmul: shapes")[1].splitlines()
        self.assertTrue(all(len(line) < 80 for line in message), message)
        self.type("x = tensor{1, 2}")
        self.ready()
        self.type("x:sum")
        self.see("a method is called with brackets: x:sum()")
        self.ready()
        self.type("?x:sum")
        self.see("tensor.sum(")


if __name__ == "__main__":
    prompt.main()
