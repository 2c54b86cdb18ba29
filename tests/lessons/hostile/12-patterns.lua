-- SPDX-License-Identifier: GPL-3.0-or-later
-- says: step 2 was here
-- says: it was stopped because it took too long
-- says: it was stopped because it took too long
-- says: it was stopped because it took too long
-- says: The end: Hostile
lesson "Hostile" {topic = "patterns that try every way", minutes = 1}
text "Begin."
code [[ print((("step 2 was there"):gsub("there", "here"))) ]]
code [[ ("a"):rep(50):find(("a-"):rep(50) .. "b") ]] {seconds = 0.5}
code [[ pcall(string.gsub, ("a"):rep(50), ("a*"):rep(50) .. "b", "") while true do end ]] {seconds = 0.5}
code [[ for w in string.gmatch(("a"):rep(30000), ".-.-.-b") do end ]] {seconds = 0.5}
text "The end."
