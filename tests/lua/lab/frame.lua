-- SPDX-License-Identifier: GPL-3.0-or-later
-- The frame of an experiment: arms under seeds, claims, verdicts, words.
local experiment = require("gradus.lab.experiment")

local e = experiment.new("lab.test", {seeds = {7, 8, 9}, progress = false}, {n = 2})
local runs = e:run({"a", "b"}, function(arm, seed, k)
  e:row {arm = arm, seed = seed}
  return {arm = arm, k = k, x = tensor.rand(1):item()}
end)
-- Every arm under a seed begins alike, and the seeds differ.
print(runs[1][1].x == runs[2][1].x, runs[1][1].x ~= runs[1][2].x, runs[2][3].k) -- expect: true	true	3
print(#e.rows, e.rows[4].arm, e.rows[4].seed) -- expect: 6	b	7

-- The verdict counts; the reason stands only where a seed fails.
e:claim {text = "it is so", threshold = "it is above 2", unit = "apples", otherwise = "some are small",
  each = function(k) return k, k > 2 end}
e:claim {text = "it is always so", threshold = "it is", evidence = "all of them", otherwise = "never shown",
  each = function() return 1 / 3, true end}
e:claim {text = "not all are numbers", threshold = "they are above 0", unit = "pears",
  each = function(k) return ({1, 0 / 0, math.huge})[k], k ~= 2 end}
e:note("A note of %d words.", 5)
local r = e:finish {name = "A test", columns = {"arm", "seed"}, look = "nothing."}
print(tostring(r))
-- expect: A test
-- expect:   Claim: it is so.
-- expect:     A seed counts if it is above 2.
-- expect:     Measured: by seed 1, 2, 3.
-- expect:     Verdict: holds in 1 of 3 seeds, effect 2 +- 1 apples.
-- expect:     Why: some are small.
-- expect:   Claim: it is always so.
-- expect:     A seed counts if it is.
-- expect:     Measured: all of them.
-- expect:     Verdict: holds in 3 of 3 seeds, effect 0.333 +- 0.
-- expect:   Claim: not all are numbers.
-- expect:     A seed counts if they are above 0.
-- expect:     Measured: by seed 1, nan, inf.
-- expect:     Verdict: holds in 2 of 3 seeds, effect 1 +- 0 pears.
-- expect:   A note of 5 words.
-- expect:   Look at: nothing.
print(r:csv():match("^[^\n]*\n[^\n]*"):gsub("\n", " ")) -- expect: arm,seed a,7	1
print(r.claims[1].held, r.claims[1].of, r.claims[1].mean, r.claims[1].spread) -- expect: 1	3	2.0	1.0

-- Nets that go astray in a run are not remarked on.
print(e:run({"a"}, function() return require("gradus.notice").is_open("nan") end)[1][1]) -- expect: false

-- An error inside of a run leaves the session's random numbers alone.
gradus.seed(1)
local a = tensor.rand(1):item()
gradus.seed(1)
print(pcall(e.run, e, {"a"}, function() tensor.rand(3) error("broken", 0) end)) -- expect: false	broken
print(tensor.rand(1):item() == a) -- expect: true

local function message(f, ...)
  local _, why = pcall(f, ...)
  return (why:gsub("^[^ ]*:%d+: ", ""))
end
print(message(lab.ema, {seeds = 0}))
-- expect: lab.ema: seeds is a count of at least 1 or a list of whole numbers; got 0
print(message(lab.dropout, {step = 3}):match("^[^?]*%?"))
-- expect: lab.dropout: unknown option 'step'. Did you mean 'steps'?
print(message(function() return lab.batchnrom end):match("did you mean.*")) -- expect: did you mean `lab.batchnorm`?

-- Seeds of one's own for all experiments.
lab.seeds {101, 102}
print(#lab.scale_depth({progress = false}).claims[1].effects) -- expect: 2
print(pcall(lab.seeds, 0))
-- expect: false	lab.seeds: seeds is a count of at least 1 or a list of whole numbers; got 0
print(#lab.seeds(5)) -- expect: 5

-- What options may be.
local function refused(f, ...)
  local ok, text = pcall(f, ...)
  return not ok and text:gsub("^[^ ]*:%d+: ", "") or "taken"
end
print((refused(lab.glorot, {depth = "x"}))) -- expect: lab.glorot: depth is a whole number from 1; got 'x'
print((refused(lab.he, {depths = {2, 2.5}}))) -- expect: lab.he: depths is a list of whole numbers from 1; got a table
print((refused(lab.init_variance, {dropout = 1}))) -- expect: lab.init_variance: dropout is a number from 0 to below 1; got 1
print((refused(lab.race, {start = 3}))) -- expect: lab.race: start is a point, {x, y}; got 3
print((refused(lab.ema, {seeds = {1.5}}))) -- expect: lab.ema: seeds is a count of at least 1 or a list of whole numbers; got a table
print((refused(lab.theory, "relu", {width = 0}))) -- expect: lab.theory: width is a whole number from 1; got 0
print((refused(lab.race, {optimisers = {"Adm"}}))) -- expect: lab.race: optim has no 'Adm'; did you mean 'Adam'?
print((refused(lab.patient, 3, {slow = 4}))) -- expect: lab.patient: slow is a list of two numbers, {10, 30}: a rate from 10 to 30 times too low
