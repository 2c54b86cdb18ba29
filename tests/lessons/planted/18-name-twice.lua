-- SPDX-License-Identifier: GPL-3.0-or-later
-- The mistake an author makes here is found:
-- finds: 7: name = 'a' is taken by the step in line 6
lesson "Planted" {topic = "a mistake", minutes = 2}
code [[ x = tensor{1, 2, 4} ]]
ask "Sum?" {name = "a", solution = "x:sum()", hints = "h"}
ask "Mean?" {name = "a", solution = "x:mean()", hints = "h"}
