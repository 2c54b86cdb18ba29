-- SPDX-License-Identifier: GPL-3.0-or-later
-- says: a lesson has no 'os'
lesson "Hostile" {topic = "escapes", minutes = 1}
text "Begin."
os.execute("touch $CANARY")
io.popen("touch $CANARY")
text "The end."
