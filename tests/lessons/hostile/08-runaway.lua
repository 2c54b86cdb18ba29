-- SPDX-License-Identifier: GPL-3.0-or-later
-- says: it was stopped because it took too long
-- says: it was stopped after very many steps: a loop that does not end?
-- says: The end: Hostile
lesson "Hostile" {topic = "escapes", minutes = 1}
text "Begin."
code [[ while true do pcall(function() while true do end end) end ]] {seconds = 0.5}
code [[ coroutine.wrap(function() while true do end end)() ]] {seconds = 0.5}
code [[ string.rep("x", 1 << 40) ]]
code [[ t = {}; while true do t[#t + 1] = ("x"):rep(1000000) .. #t end ]] {seconds = 0.5}
code [[ for i = 1, 1e12 do end ]]
text "The end."
