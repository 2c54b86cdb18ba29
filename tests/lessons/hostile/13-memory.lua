-- SPDX-License-Identifier: GPL-3.0-or-later
-- says: it was stopped because it wanted too much memory
-- says: it was stopped because it wanted too much memory
-- says: it was stopped because it wanted too much memory
-- says: kept: 2000000
-- says: The end: Hostile
lesson "Hostile" {topic = "memory, Lua's and the tensors'", minutes = 1}
text "Begin."
code [[ t = {}; for i = 1, 1e9 do t[i] = tensor.zeros(1000000) end ]]
code [[ t = tensor.zeros(1000, 1000, 1000) ]]
code [[ s = ("x"):rep(1e9) ]]
code [[ t = nil; kept = tensor.ones(2000000); print("kept: " .. kept:numel()) ]]
text "The end."
