-- SPDX-License-Identifier: GPL-3.0-or-later
-- The mistake an author makes here is found:
-- finds: 6: the broken code passes the check
lesson "Planted" {topic = "a mistake", minutes = 2}
code [[ x = tensor{1, 2, 4} ]]
fix "Repair `f`." {broken = "function f(a) return a end", solution = "function f(a) return a * 1 end", check = behaves("f", {{1}, {2}}), hints = "h"}
