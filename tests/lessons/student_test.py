# SPDX-License-Identifier: GPL-3.0-or-later
"""A student takes a lesson with every kind of step, at a real terminal: right and wrong answers,
recognised mistakes, hints, back, skip, Ctrl-C in a runaway answer, kill and resume."""
import os
import pathlib
import signal
import sys
import time

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
        self.type("while true do x:add_(1) end")
        time.sleep(0.5)
        self.child.sendintr()
        self.see("interrupted")
        self.see("your variables are as before")
        self.dialogue(("x:sum()", "Right at once."))

    def test_back_and_where(self):
        self.to_the_first_question()
        self.dialogue((":where", "step 4 of"), (":back", "Press Enter."))
        self.type("")
        self.see("What is the sum")
        self.dialogue((":next", "waits for an answer"), (":skip", "The solution:"))
        self.see("Make `y`")

    def test_kill_and_resume(self):
        self.to_the_first_question()
        self.type("mine = 7")
        self.type("x:sum()")
        self.see("Make `y`")
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


if __name__ == "__main__":
    prompt.main()
