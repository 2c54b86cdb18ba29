-- SPDX-License-Identifier: GPL-3.0-or-later
-- The mistake an author makes here is found:
-- finds: 6: a backquote is not closed in: The sum of `x?
lesson "Planted" {topic = "a mistake", minutes = 2}
code [[ x = tensor{1, 2, 4} ]]
ask "The sum of `x?" {solution = "x:sum()", hints = "Add up."}
