-- SPDX-License-Identifier: GPL-3.0-or-later
-- says: it prints more than a lesson may; the rest is left out
-- says: xxxx ...
-- says: result:report: a lesson writes no files
-- says: stack overflow
-- says: coroutine.resume: a coroutine is expected
-- says: The end: Hostile
-- leaves: nested deep
-- then: nested
-- then: local list = {} for i = 1, 3e5 do list = {list} end return list
-- then: deep
lesson "Hostile" {topic = "floods, folders and tables without an end", minutes = 1}
text "Begin."
code [[ for i = 1, 1e6 do print(("flood "):rep(100)) end ]]
code [[ ("x"):rep(1e6) ]]
code [[ result = lab.init_variance{depth = 2, width = 8, seeds = 1, init = {"xavier_normal"}, progress = false}
result:report("x", "$CANARY", true) ]]
code [[ local function f() return 1 + f() end f() ]]
code [[ coroutine.resume(print) ]]
code [[ nested = {1} for i = 1, 8 do local outer = {} for j = 1, 100 do outer[j] = nested end nested = outer end ]]
code [[ nested ]]
code [[ deep = {} local at = deep for i = 1, 3e5 do at[1] = {} at = at[1] end ]]
code [[ deep ]]
text "The end."
