# SPDX-License-Identifier: GPL-3.0-or-later
import prompt


class Basics(prompt.TestCase):
    def test_result_is_printed(self):
        self.type("20 + 3")
        self.see("23")
        self.ready()

    def test_an_error_leaves_the_prompt(self):
        self.type("error('o' .. 'ops')")
        self.see("oops")
        self.ready()
        self.type("'a' .. 'live'")
        self.see("alive")

    def test_end_of_file_leaves(self):
        self.child.sendeof()
        self.leaves(0)


if __name__ == "__main__":
    prompt.main()
