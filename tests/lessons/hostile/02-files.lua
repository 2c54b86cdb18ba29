-- SPDX-License-Identifier: GPL-3.0-or-later
-- says: a lesson has no 'dofile'
lesson "Hostile" {topic = "escapes", minutes = 1}
text "Begin."
local f = tensor
pcall(function() f = io end)
local ok = pcall(function() io.open("$CANARY", "w"):close() end)
code [[ x = 1; local _ = pcall(function() io.open("$CANARY", "w"):close() end); dofile("$CANARY") ]]
text "The end."
