-- SPDX-License-Identifier: GPL-3.0-or-later
-- The mistake an author makes here is found:
-- finds: 6: every answer is right: there is nothing to choose
lesson "Planted" {topic = "a mistake", minutes = 2}
code [[ x = tensor{1, 2, 4} ]]
choice "Which is a number of `x`?" {{"1", "Yes.", right = true}, {"4", "Yes.", right = true}}
