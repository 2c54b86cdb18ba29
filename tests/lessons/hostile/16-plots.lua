-- SPDX-License-Identifier: GPL-3.0-or-later
-- says: four pictures
-- says: The end: Hostile
lesson "Hostile" {topic = "commands for gnuplot", minutes = 1}
text "Begin."
picture "`touch $CANARY`" {code = [[ plot.curve({1, 2}, {title = "`touch $CANARY`", xlabel = "it's `touch $CANARY`"}) ]]}
picture "b" {code = [[ plot.curve({{"a'\n!touch $CANARY\n", {1, 2}}, {"\"|touch $CANARY", {2, 1}}}) ]]}
picture "c" {code = [[ plot.curve({{"< touch $CANARY", {1, 2}}}, {title = "x\nset output '|touch $CANARY'\n"}) ]]}
picture "d" {code = [[ plot.bar({1, 2}, {labels = {"';system('touch $CANARY')#", "`touch $CANARY`"}, title = "\\\n"}) ]]}
code [[ print("four pictures") ]]
text "The end."
