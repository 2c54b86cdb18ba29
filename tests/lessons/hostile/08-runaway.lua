-- SPDX-License-Identifier: GPL-3.0-or-later
-- says: it was stopped
-- says: The end: Hostile
lesson "Hostile" {topic = "escapes", minutes = 1}
text "Begin."
code [[ while true do pcall(function() while true do end end) end ]]
code [[ coroutine.wrap(function() while true do end end)() ]]
code [[ string.rep("x", 1 << 40) ]]
code [[ t = {}; while true do t[#t + 1] = ("x"):rep(1000000) .. #t end ]]
text "The end."
