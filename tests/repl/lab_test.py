# SPDX-License-Identifier: GPL-3.0-or-later
"""Experiments of the lab at the prompt: each shows a bar that fills and goes."""
import re

import prompt

SMALL = prompt.ROOT / "tests/lua/small.lua"
PART = r"\[#*\.+\] \d+/\d+"
FULL = r"\[#{20}\] (\d+)/\1\r\x1b\[K"


class Bars(prompt.TestCase):
    def setUp(self):
        super().setUp()
        self.type(f"small = dofile('{SMALL}')  print('n' .. ':', #small)")
        self.count = int(self.see_match(r"n:\s+(\d+)").group(1))
        self.ready()

    def test_each_shows_how_far_it_is(self):
        self.assertGreater(self.count, 20)
        for k in range(1, self.count + 1):
            self.type(f"e = small[{k}]  r = lab[e[1]](e[2])  print('did' .. ':{k}.')")
            self.see_match(PART)
            self.see_match(FULL)
            self.see(f"did:{k}.")
            self.ready()

    def test_none_if_not_wanted(self):
        self.type("r = lab.scale_depth{depth = 3, progress = false}  print('did' .. ':')")
        self.see("did:")
        self.ready()
        self.assertIsNone(re.search(PART, self.screen()))


if __name__ == "__main__":
    prompt.main()
