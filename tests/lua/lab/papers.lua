-- SPDX-License-Identifier: GPL-3.0-or-later
-- The papers' claims at a reduced budget: what they measure, not only that they run.
local r = lab.batchnorm {rates = {0.3, 3, 30}, width = 40, steps = 200, seeds = 2, progress = false}
print(#r.rows, #r.claims, r.claims[1].of) -- expect: 108	3	2
-- Without batch norm nothing is learnt in so few steps; with it, it is.
print(r.claims[1].held, r.claims[2].held) -- expect: 2	2
local text = tostring(r)
print(select(2, text:gsub("Claim: ", "")), select(2, text:gsub("Measured: ", "")),
  select(2, text:gsub("Verdict: holds in %d of 2 seeds, effect ", ""))) -- expect: 3	3	3
print(table.concat(r.figures.order, " "), #r.figures.rates.grid) -- expect: rates quantiles	4
-- The same seeds give the same numbers, and the session's own random numbers go on.
gradus.seed(3)
local a = tensor.rand(1):item()
gradus.seed(3)
local function small()
  return lab.batchnorm {rates = {1}, width = 8, steps = 50, seeds = {5}, progress = false}:csv()
end
print(small() == small(), tensor.rand(1):item() == a) -- expect: true	true
