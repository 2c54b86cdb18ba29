-- SPDX-License-Identifier: GPL-3.0-or-later
-- says: nothing: 0
-- says: a lesson moves at most
-- says: a lesson takes no table with a __len
-- says: a lesson takes no table with a __len
-- says: a lesson takes no table with a __len
-- says: it was stopped because it took too long
-- says: The end: Hostile
lesson "Hostile" {topic = "loops that Lua does not see", minutes = 1}
text "Begin."
code [[ print("nothing: " .. #(""):rep(1 << 60) + #string.rep("", 1 << 60)) ]]
code [[ table.move({}, 1, 1 << 60, 2) ]]
code [[ local long = setmetatable({}, {__len = function() return 1 << 60 end}); table.insert(long, 1, 2) ]]
code [[ table.sort(setmetatable({}, {__len = function() return 1 << 30 end}), rawequal) ]]
code [[ table.remove(setmetatable({}, {__len = function() return 1 << 60 end}), 1) ]]
code [[ while true do tensor.randn(2000, 2000):matmul(tensor.randn(2000, 2000)) end ]] {seconds = 0.5}
text "The end."
