-- SPDX-License-Identifier: GPL-3.0-or-later
-- says: attempt to call a nil value (field 'dump')
lesson "Hostile" {topic = "escapes", minutes = 1}
text "Begin."
local dump = string.dump
code [[ local f = load("\\27Lua", "x", "b"); assert(f == nil); string.dump(print) ]]
text "The end."
