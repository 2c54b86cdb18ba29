-- SPDX-License-Identifier: GPL-3.0-or-later
-- says: the picture does not draw: a figure: no mark is of the kind
-- says: the picture does not draw
-- says: The end: Hostile
lesson "Hostile" {topic = "figures whose fields are commands of gnuplot", minutes = 1}
text "Begin."
picture "a" {code = [[ local f = plot.scatter({1, 2}, {1, 2})
f.marks[1].shape = 'x" ; system("touch $CANARY") #'
return f ]]}
picture "b" {code = [[ local f = plot.scatter({1, 2}, {1, 2})
f.marks[1].shape = '`touch $CANARY`'
return f ]]}
picture "c" {code = [[ local f = plot.scatter({1, 2}, {1, 2})
f.marks[1].kind = "/../../evil"
return f ]]}
picture "d" {code = [[ local f = plot.scatter({1, 2}, {1, 2})
f.marks[2] = {kind = "words", x = {1}, y = {1}, text = {"t"}, align = "center\n!touch $CANARY", offset = "1\n!touch $CANARY"}
return f ]]}
picture "e" {code = [[ local f = plot.scatter({1, 2}, {1, 2})
f.x.range = {"0:1]\n!touch $CANARY", 1}
return f ]]}
text "The end."
