-- SPDX-License-Identifier: GPL-3.0-or-later
-- The mistake an author makes here is found:
-- finds: 6: ask: 'hints' should be a text, or a list of them
lesson "Planted" {topic = "a mistake", minutes = 2}
code [[ x = tensor{1, 2, 4} ]]
ask "Sum?" {solution = "x:sum()", hints = 3}
