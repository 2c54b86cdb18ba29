-- SPDX-License-Identifier: GPL-3.0-or-later
-- says: a lesson cannot replace 'print'
lesson "Hostile" {topic = "escapes", minutes = 1}
text "Begin."
code [[ print = nil ]]
code [[ _G.tostring = nil; _ENV = nil ]]
code [[ rawset(_G, "student_opens", nil); _G.io = {} ]]
text "The end."
