-- SPDX-License-Identifier: GPL-3.0-or-later
-- L1, L2, elastic net, and decay that is decoupled from Adam's gradient.
--
-- Recipe, fixed before the first run. Digits.
-- 1  same for SGD: 64-32-10, rate 0.1, 100 steps of 32 with weight_decay 0.01 in the optimiser, and
--    with 0.01 / 2 times the sum of all squares in the loss. Distance of all parameters at the end
--    over their norm: a seed counts if it is below 0.0001.
-- 2  not for Adam: the same with AdamW's weight_decay 0.01 and Adam with the term in the loss, rate
--    0.001: a seed counts if the distance is above 0.001.
-- 3  sparse: 64-64-10, 300 digits, SGD at rate 0.1, 3000 steps of 50: nothing; L1 0.001; L2
--    (weight_decay) 0.01; elastic net, half of both. The share of the first layer's weights within
--    0.001 of 0: a seed counts if it is at least 50 % with L1 and below 10 % with L2 and without
--    anything.
-- 4  new digits: as 3 with Adam's rate 0.001; L2 in the gradient (0.0001, 0.001, 0.01) against
--    decoupled (0.01, 0.1, 1), each at the strength with the smaller mean error over the seeds: a
--    seed counts if the error on 360 held-out digits is smaller when decoupled (Loshchilov and
--    Hutter 2019).

local experiment = require("gradus.lab.experiment")
local learn = require("gradus.lab.learn")

local M = {}

local coupled, decoupled = {0.0001, 0.001, 0.01}, {0.01, 0.1, 1}

-- The parameters as one list of numbers.
local function flat(net)
  local tensor, parts = require("gradus.tensor"), {}
  for i, p in ipairs(net:parameters()) do parts[i] = p:detach():reshape(-1) end
  return tensor.cat(parts, 1)
end

local function train_pair(name, given, o, set, seed)
  local core, optim, nn = require("gradus.core"), require("gradus.optim"), require("gradus.nn")
  core.seed(seed)
  local net = learn.mlp {64, 32, 10}
  local opt = optim[name](net:parameters(), given.optimiser)
  learn.fit(net, set, {steps = math.min(100, o.steps), batch = 32, opt = opt,
    loss = function(output, y)
      local loss = nn.cross_entropy(output, y)
      if not given.term then return loss end
      for _, p in ipairs(net:parameters()) do loss = loss + p:square():sum() * (given.term / 2) end
      return loss
    end})
  return flat(net)
end

-- How far apart decay in the optimiser and in the loss end.
local function distance(a, b)
  return ((a - b):square():sum():sqrt() / a:square():sum():sqrt()):item()
end

local function pairs_of(o, seed)
  local set = learn.digits()
  local function run(name, given) return train_pair(name, given, o, set, seed) end
  local decayed = run("SGD", {optimiser = {lr = 0.1, weight_decay = 0.01}})
  return {
    sgd = distance(decayed, run("SGD", {optimiser = {lr = 0.1}, term = 0.01})),
    none = distance(decayed, run("SGD", {optimiser = {lr = 0.1}})),
    adam = distance(run("AdamW", {optimiser = {lr = 0.001, weight_decay = 0.01}}),
      run("Adam", {optimiser = {lr = 0.001}, term = 0.01})),
  }
end

local function train(arm, o)
  local set, held = learn.digits {train = 300}
  local net = learn.mlp {64, 64, 10}
  local opt = require("gradus.optim")[arm.optimiser](net:parameters(), arm.given)
  learn.fit(net, set, {steps = o.steps, batch = 50, opt = opt})
  local w = net[1].weight:detach()
  return {weights = w, error = 100 * (1 - learn.accuracy(net, held)),
    small = 100 * w:abs():lt(0.001):mean():item(), norm = w:square():sum():sqrt():item()}
end

local function arms_of()
  local arms = {
    {name = "nothing", optimiser = "SGD", given = {lr = 0.1}},
    {name = "L1", optimiser = "SGD", given = {lr = 0.1, l1 = 0.001}},
    {name = "L2", optimiser = "SGD", given = {lr = 0.1, weight_decay = 0.01}},
    {name = "elastic net", optimiser = "SGD", given = {lr = 0.1, l1 = 0.0005,
    weight_decay = 0.005}},
  }
  for _, strength in ipairs(coupled) do
    arms[#arms + 1] = {name = ("Adam, L2 %g"):format(strength), optimiser = "Adam",
      given = {lr = 0.001, weight_decay = strength}}
  end
  for _, strength in ipairs(decoupled) do
    arms[#arms + 1] = {name = ("AdamW, decay %g"):format(strength), optimiser = "AdamW",
      given = {lr = 0.001, weight_decay = strength}}
  end
  return arms
end

-- The arm with the smallest mean error from first to last.
local function best(runs, first, last)
  local at, least = first, math.huge
  for i = first, last do
    local mean = experiment.moments(experiment.column(runs[i], "error"))
    if mean < least then at, least = i, mean end
  end
  return at
end

local function claims(e, equal, runs, arms)
  e:claim {text = "for SGD weight decay and an L2 term in the loss are the same",
    threshold = "the parameters end less than 0.0001 of their norm apart", unit = "of the norm "
      .. "apart",
    evidence = ("distance %s; from the end without decay %s"):format(
      experiment.spread(equal, "sgd"), experiment.spread(equal, "none")),
    each = function(k) return equal[k].sgd, equal[k].sgd < 1e-4 end}
  e:claim {text = "for Adam they are not",
    threshold = "the parameters end more than 0.001 of their norm apart", unit = "of the norm "
      .. "apart",
    evidence = "distance " .. experiment.spread(equal, "adam"),
    each = function(k) return equal[k].adam, equal[k].adam > 1e-3 end}
  local parts = {}
  for i = 1, 4 do
    parts[i] = ("%s %s (norm %s)"):format(arms[i].name, experiment.spread(runs[i], "small"),
      experiment.spread(runs[i], "norm"))
  end
  e:claim {text = "L1 makes weights sparse, L2 only small",
    threshold = "at least 50 % of the first layer's weights are within 0.001 of 0 with L1, and "
      .. "less than "
      .. "10 % with L2 and with nothing", unit = "percentage points more than with L2",
    evidence = "% of weights within 0.001 of 0: " .. table.concat(parts, ", "),
    each = function(k)
      local none, l1, l2 = runs[1][k].small, runs[2][k].small, runs[3][k].small
      return l1 - l2, l1 >= 50 and l2 < 10 and none < 10
    end}
  local a, b = best(runs, 5, 7), best(runs, 8, 10)
  e:claim {text = "decoupled decay serves Adam better than L2 in the gradient",
    threshold = "the error on new digits is smaller, each at its best strength", unit =
    "percentage points fewer wrong",
    evidence = ("%s: %s %% wrong; %s: %s %%; SGD without anything %s %%"):format(arms[a].name,
      experiment.spread(runs[a], "error"), arms[b].name, experiment.spread(runs[b], "error"),
      experiment.spread(runs[1], "error")),
    otherwise = "300 digits are learnt well without any penalty, and the errors differ by single "
      .. "digits of "
      .. "the 360",
    each = function(k)
      return runs[a][k].error - runs[b][k].error, runs[b][k].error < runs[a][k].error
    end}
end

-- Where |w1| + |w2| = 1, w1^2 + w2^2 = 1, and half of both is 1.
local function circles()
  local plot, list = require("gradus.plot"), {}
  local radii = {
    {"L1", function(c, s) return 1 / (c + s) end},
    {"L2", function() return 1 end},
    {"elastic net", function(c, s) -- r^2 / 2 + r (c + s) / 2 = 1
      local b = (c + s) / 2
      return -b + math.sqrt(b * b + 2)
    end},
  }
  for i, entry in ipairs(radii) do
    local x, y = {}, {}
    for j = 0, 240 do
      local c, s = math.cos(j * math.pi / 120), math.sin(j * math.pi / 120)
      local r = entry[2](math.abs(c), math.abs(s))
      x[j + 1], y[j + 1] = r * c, r * s
    end
    list[i] = {entry[1], x, y}
  end
  local fig = plot.curve(list, {title = "weights of the same penalty", xlabel = "w1",
    ylabel = "w2"})
  fig.equal = true
  return fig
end

local function figures(e, runs, arms)
  local plot, panels, heights, spread, labels = require("gradus.plot"), {}, {}, {}, {}
  for i = 1, 4 do
    panels[i] = plot.hist(runs[i][1].weights, {title = arms[i].name, xlabel = "weight", ylog = true,
      bins = 61, xrange = {-0.6, 0.6}})
  end
  e:figure("weights", plot.grid(panels, {columns = 2, height = 900,
    title = "weights of the first layer, first seed"}))
  e:figure("circles", circles())
  for i, arm in ipairs(arms) do
    labels[i] = arm.name
    heights[i], spread[i] = experiment.moments(experiment.column(runs[i], "error"))
  end
  e:figure("errors", plot.bar(heights, {labels = labels, spread = spread, flat = true,
    ylabel = "% wrong, held out", title = ("%d seeds, mean and std"):format(#e.seeds)}))
end

--- lab.regularise({steps: integer = 3000, seeds: integer = 5}) -> result
--- L1, L2, elastic net and decoupled weight decay: what each does to the weights and to errors on
--- new digits, and where decay in the optimiser is the same as a term in the loss.
---
--- Four claims: for SGD they are the same; for Adam they are not; L1 makes weights sparse, L2 only
--- small; decoupled decay serves Adam better. rows: penalty, seed, small (% of weights near 0),
--- norm, error.
--- > r = lab.regularise{steps = 5, seeds = 1}
--- > #r.rows, r.claims[1].held
--- 10	1
function M.regularise(given)
  local e = experiment.new("lab.regularise", given, {steps = 3000})
  local arms = arms_of()
  local equal = e:run({"pairs"}, function(_, seed) return pairs_of(e.o, seed) end)[1]
  local runs = e:run(arms, function(arm) return train(arm, e.o) end)
  for i, arm in ipairs(arms) do
    for k, run in ipairs(runs[i]) do
      e:row {penalty = arm.name, seed = e.seeds[k], small = run.small, norm = run.norm,
        error = run.error}
    end
  end
  claims(e, equal, runs, arms)
  figures(e, runs, arms)
  return e:finish {name = "Penalties on weights", columns = {"penalty", "seed", "small", "norm",
    "error"},
    runs = runs, look = "the spike at 0 of L1, and how narrow L2 is without one."}
end

return M
