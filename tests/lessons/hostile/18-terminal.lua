-- SPDX-License-Identifier: GPL-3.0-or-later
-- says: Hostile
-- says: printed]52
-- says: error: ]52
-- says: The end
lesson "Hostile \27]0;title\7" {topic = "commands to the \27]52;c;AAAA\7terminal", minutes = 1}
text "Begin \27]52;c;AAAA\7."
code [[ print("printed\27]52;c;AAAA\7") ]] {caption = "\27]52;c;AAAA\7"}
code [[ "\27]52;c;AAAA\7" ]]
code [[ error("\27]52;c;AAAA\7", 0) ]]
code [[ ({"\27]52;c;AAAA\7"}) ]]
text "The end."
