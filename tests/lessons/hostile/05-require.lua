-- SPDX-License-Identifier: GPL-3.0-or-later
-- says: a lesson has no 'require'
lesson "Hostile" {topic = "escapes", minutes = 1}
text "Begin."
code [[ local c = require("posix"); c.unlink("x") ]]
code [[ package.loadlib("/lib/x86_64-linux-gnu/libc.so.6", "system") ]]
text "The end."
