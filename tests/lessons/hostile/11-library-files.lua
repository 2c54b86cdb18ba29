-- SPDX-License-Identifier: GPL-3.0-or-later
-- says: fig:save: a lesson writes no files
-- says: csv.load: a lesson reads only the files in its own folder
-- says: npy.save: a lesson writes no files
lesson "Hostile" {topic = "files through the library", minutes = 1}
text "Begin."
code [[ plot.curve({1, 2}):save("$CANARY.png") ]]
code [[ plot.curve({1, 2}):save("$CANARY") ]]
code [[ student_csv.load("/etc/passwd") ]]
code [[ student_npy.save("$CANARY", tensor{1, 2}) ]]
code [[ student_npy.load("../../../../../etc/passwd") ]]
picture "still drawn" {code = [[ plot.curve({1, 2}) ]]}
text "The end."
