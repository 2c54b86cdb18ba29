-- SPDX-License-Identifier: GPL-3.0-or-later
-- says: a lesson has no 'debug'
lesson "Hostile" {topic = "escapes", minutes = 1}
text "Begin."
code [[ debug.sethook(); debug.getregistry() ]]
code [[ setmetatable({}, {__gc = function() error("late") end}) ]]
text "The end."
