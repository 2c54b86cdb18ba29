-- SPDX-License-Identifier: GPL-3.0-or-later
-- Optimisers on a small net, and what races claim.
local r = lab.race {surface = "net", rates = {0.003, 0.01, 0.1}, steps = 100, seeds = 2,
  optimisers = {"SGD", {"momentum", "SGD", {momentum = 0.9}}, "Adam"}, progress = false}
print(#r.rows, #r.runs, #r.claims, r.claims[2].held) -- expect: 18	9	4	2
print(table.concat(r.figures.order, " "), #r.figures.net.grid) -- expect: net errors	2
-- All eleven have a place by default.
r = lab.race {surface = "net", rates = {0.01}, steps = 5, seeds = 1, progress = false}
print(#r.runs, #r.figures.net.grid) -- expect: 11	4

-- Jitter: the first seed begins at the start itself, the others near it; all optimisers alike.
r = lab.race {jitter = 0.2, rates = {0.001}, steps = 2, progress = false}
local sgd, adam = r.runs[1].runs, r.runs[4].runs
print(#sgd, sgd[1].xs[1], sgd[1].ys[1], sgd[2].xs[1] == adam[2].xs[1]) -- expect: 5	-2	2	true
print(sgd[2].xs[1] ~= sgd[3].xs[1], math.abs(sgd[2].xs[1] + 2) < 1) -- expect: true	true

-- On Rosenbrock momentum gets lower than plain descent from all starts; on the bowl with a good rate not.
r = lab.race {surface = "rosenbrock", jitter = 0.2, progress = false}
print(r.claims[1].held, r.claims[1].of) -- expect: 5	5
r = lab.race {jitter = 0.2, rates = {0.009}, progress = false}
print(r.claims[1].held, tostring(r):match("Why: with momentum 0.9") ~= nil) -- expect: 0	true
-- Alone there is nothing to be compared with.
print(#lab.race({optimisers = {"SGD"}, progress = false}).claims) -- expect: 0
