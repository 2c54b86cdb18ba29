-- SPDX-License-Identifier: GPL-3.0-or-later
-- Permutation importance of an overfitted net, on the data it learnt from and on others.
--
-- Recipe, fixed before the first run. data.diabetes (10 features) with three features of noise,
-- N(0, 1); 100 samples to learn from, 342 held out; features and target standardised by the 100.
-- Net 13-64-64-1, ReLU, Adam 0.003, 2000 steps with all samples: overfitted on purpose. Importance:
-- rise of the squared error, 10 shuffles a feature.
-- 1  on the learnt samples all three noise features matter: each mean is more than 2 of its std
--    above 0.
-- 2  on held-out samples they matter less: the mean of the three, over the mean of the three most
--    important features, is less than half of what it is on the learnt samples.
-- 3  ratio and difference put the features in the same order (the same shuffles, both data).
-- 4  held out, the most important feature is bmi or s5 ltg, the two that linear models of these
--    data rest on.

local core = require("gradus.core")
local experiment = require("gradus.lab.experiment")
local learn = require("gradus.lab.learn")
local tensor = require("gradus.tensor")

local M = {}

local function split(o)
  local data = require("gradus.data")
  local all = data.diabetes()
  local n = all.x:size(1)
  local names = table.move(all.features, 1, #all.features, 1, {})
  for i = 1, 3 do names[#names + 1] = "noise " .. i end
  local set = {x = tensor.cat({all.x, tensor.randn(n, 3)}, 2), y = all.y:reshape(-1, 1),
    features = names}
  local order = core.randperm(n):totable()
  for i, v in ipairs(order) do order[i] = math.tointeger(v) end
  local train = data.subset(set, table.move(order, 1, o.samples, 1, {}))
  local held = data.subset(set, table.move(order, o.samples + 1, n, 1, {}))
  for _, key in ipairs {"x", "y"} do
    local mean, std = train[key]:mean(1, true), train[key]:std(1, true)
    held[key] = (held[key] - mean) / std
    train[key] = (train[key] - mean) / std
  end
  return train, held
end

local function by_name(list)
  local found = {}
  for _, entry in ipairs(list) do found[entry.name] = entry end
  return found
end

local function order_of(list)
  local names = {}
  for i, entry in ipairs(list) do names[i] = entry.name end
  return table.concat(names, ", ")
end

-- The noise features' mean importance over that of the three most important ones.
local function share(list)
  local named, noise, top = by_name(list), 0, 0
  for i = 1, 3 do
    noise, top = noise + named["noise " .. i].mean, top + list[i].mean
  end
  return noise / top
end

-- The number of noise features that are clearly above 0.
local function clear(list)
  local named, n = by_name(list), 0
  for i = 1, 3 do
    local entry = named["noise " .. i]
    if entry.mean > 2 * entry.std then n = n + 1 end
  end
  return n
end

local function look(o, seed)
  local nn, metrics = require("gradus.nn"), require("gradus.metrics")
  local train, held = split(o)
  local net = learn.mlp {13, 64, 64, 1}
  learn.fit(net, train, {steps = o.steps, batch = o.samples, loss = nn.mse_loss,
    opt = require("gradus.optim").Adam(net:parameters(), {lr = 0.003})})
  local run = {same = true}
  for i, set in ipairs {train, held} do
    local name = i == 1 and "train" or "held"
    core.seed(seed)
    run[name] = metrics.permutation_importance(net, set, {repeats = 10})
    core.seed(seed)
    local ratios = metrics.permutation_importance(net, set, {repeats = 10, ratio = true})
    run.same = run.same and order_of(run[name]) == order_of(ratios)
  end
  run.train_share, run.held_share = share(run.train), share(run.held)
  run.train_clear, run.held_clear = clear(run.train), clear(run.held)
  run.train_error, run.held_error = run.train.base, run.held.base
  run.first = run.held[1].name
  return run
end

local function claims(e, runs)
  e:claim {text = "to a net that has overfitted, noise matters on the data it learnt", unit =
    "noise features of 3",
    threshold = "each of the three is more than 2 of its std above 0",
    evidence = ("squared error %s learnt, %s held out; noise features above 0: %s learnt, %s "
      .. "held out"):format(
      experiment.spread(runs, "train_error"), experiment.spread(runs, "held_error"),
      experiment.spread(runs, "train_clear"), experiment.spread(runs, "held_clear")),
    each = function(k) return runs[k].train_clear, runs[k].train_clear == 3 end}
  e:claim {text = "on held-out data it matters less", unit = "of the share on learnt data",
    threshold = "noise over the three top features is less than half of that on the learnt data",
    evidence = ("noise over the three top features: %s learnt, %s held out"):format(
      experiment.spread(runs, "train_share"), experiment.spread(runs, "held_share")),
    each = function(k)
      local ratio = runs[k].held_share / runs[k].train_share
      return ratio, ratio < 0.5
    end}
  e:claim {text = "ratio and difference tell the same order", unit = "orders alike",
    threshold = "both orders are the same on both data",
    each = function(k) return runs[k].same and 1 or 0, runs[k].same end}
  local firsts = experiment.column(runs, "first")
  e:claim {text = "held out, what matters most is what linear models rest on, too", unit =
    "bmi or s5 first", threshold = "the first feature is bmi or s5 ltg",
    evidence = "first by seed: " .. table.concat(firsts, ", "),
    each = function(k)
      local first = runs[k].first
      local found = first == "bmi" or first:find("^s5") ~= nil
      return found and 1 or 0, found
    end}
end

-- Each feature's importance: the mean over the seeds, and how far these lie apart.
local function over_seeds(runs, which)
  local list = {}
  for i, entry in ipairs(runs[1][which]) do
    local mean, std = experiment.moments(experiment.column(runs, function(run)
      return by_name(run[which])[entry.name].mean
    end))
    list[i] = {name = entry.name, mean = mean, std = std}
  end
  return list
end

local function figures(e, runs)
  local plot, panels = require("gradus.plot"), {}
  for i, which in ipairs {"train", "held"} do
    panels[i] = plot.importance(over_seeds(runs, which), {title = i == 1 and "learnt from" or "held out"})
    panels[i].note = nil -- the whiskers are over the seeds here
  end
  e:figure("importance", plot.grid(panels, {columns = 2, width = 1280, height = 640,
    title = "an overfitted net", caption = ("bars: the mean of %d seeds; whiskers: one standard deviation of "
    .. "them"):format(#runs)}))
end

--- lab.importance({samples: integer = 100, steps: integer = 2000, seeds: integer = 5}) -> result
--- A net that has overfitted data with three features of pure noise: permutation importance of all
--- features on the data it learnt from and on held-out data.
---
--- Four claims: noise matters on the learnt data; less on others; ratio and difference tell the
--- same order; held out, bmi or s5 comes first. rows: data, seed, feature, importance, std.
--- > r = lab.importance{samples = 20, steps = 5, seeds = 1}
--- > #r.rows, r.claims[3].held
--- 26	1
function M.importance(given)
  local e = experiment.new("lab.importance", given, {samples = 100, steps = 2000})
  local runs = e:run({"diabetes"}, function(_, seed) return look(e.o, seed) end)[1]
  for k, run in ipairs(runs) do
    for _, name in ipairs {"train", "held"} do
      for _, entry in ipairs(run[name]) do
        e:row {data = name == "train" and "learnt" or "held out", seed = e.seeds[k],
          feature = entry.name, importance = entry.mean, std = entry.std}
      end
    end
  end
  claims(e, runs)
  figures(e, runs)
  return e:finish {name = "Which features matter, and on which data", runs = runs,
    columns = {"data", "seed", "feature", "importance", "std"},
    look = "where the three features of noise stand, left and right."}
end

return M
