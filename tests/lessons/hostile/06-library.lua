-- SPDX-License-Identifier: GPL-3.0-or-later
-- says: a lesson cannot change the library
lesson "Hostile" {topic = "escapes", minutes = 1}
text "Begin."
code [[ tensor.zeros = function() return "spoiled" end ]]
code [[ plot.curve = nil; tensor.add = nil ]]
text "The end."
