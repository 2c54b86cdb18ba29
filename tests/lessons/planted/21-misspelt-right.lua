-- SPDX-License-Identifier: GPL-3.0-or-later
-- The mistake an author makes here is found:
-- finds: 6: choice 2 has no field 'rigth'; the right one is marked by right = true
lesson "Planted" {topic = "a mistake", minutes = 2}
code [[ x = tensor{1, 2, 4} ]]
choice "Which are numbers of `x`?" {{"1", "Yes.", right = true}, {"4", "Yes.", rigth = true}, {"3", "No."}}
