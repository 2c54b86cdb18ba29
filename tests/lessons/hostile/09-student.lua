-- SPDX-License-Identifier: GPL-3.0-or-later
-- says: it holds a function of C that a lesson never sees
lesson "Hostile" {topic = "escapes", minutes = 1}
text "Begin."
code [[ stolen = pcall(function() student_opens("$CANARY") end) ]]
code [[ later = function() return student_opens("$CANARY") end ]]
code [[ holder.open("$CANARY", "w") ]]
text "The end."
