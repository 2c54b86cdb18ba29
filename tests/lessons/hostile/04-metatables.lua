-- SPDX-License-Identifier: GPL-3.0-or-later
-- says: attempt to index a nil value
lesson "Hostile" {topic = "escapes", minutes = 1}
text "Begin."
local mt = getmetatable("")
code [[ getmetatable("").__index = function() return 1 end ]]
text "The end."
