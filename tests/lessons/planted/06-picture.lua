-- SPDX-License-Identifier: GPL-3.0-or-later
-- The mistake an author makes here is found:
-- finds: 6: picture fails:
lesson "Planted" {topic = "a mistake", minutes = 2}
code [[ x = tensor{1, 2, 4} ]]
picture "Nothing" {code = "plot.curve({}, {ylag = true})"}
number "One?" {answer = 1, hints = "h"}
