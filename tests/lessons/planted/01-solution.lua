-- SPDX-License-Identifier: GPL-3.0-or-later
-- The mistake an author makes here is found:
-- finds: 6: the solution does not pass its own check
lesson "Planted" {topic = "a mistake", minutes = 2}
code [[ x = tensor{1, 2, 4} ]]
ask "Sum of `x`?" {solution = "x:sum() + nothing", hints = "h"}
