-- SPDX-License-Identifier: GPL-3.0-or-later
-- Batch, layer, instance and group norm: over which axes each makes mean 0 and std 1, and which of
-- them needs a large batch.
--
-- Recipe, fixed before the first run.
-- 1  axes: x (6, 4, 5, 5), each image and channel with a mean N(0, 1) and a scale between 0.5 and 2
--    of its own. After each norm: how far mean and std over the axes of each norm are from 0 and 1,
--    at the farthest. What is normal over small sets is so over the sets made of them: instance
--    norm makes all four normal, group norm also layer's, batch and layer norm only their own. A
--    seed counts if those are within 0.01 and all others off by more than 0.05.
-- 2  small batches: convolutions 1-8-16 (3 x 3, norm, ReLU), pooling, linear; 1000 digits, two
--    epochs, descent with momentum 0.9, rate 0.05 for batches of 32 and 0.05 / 16 for batches of 2.
--    A seed counts if from 32 to 2 the error on 360 held-out digits rises more with batch norm than
--    with group norm (4 groups), as Wu and He 2018 say.

local experiment = require("gradus.lab.experiment")
local learn = require("gradus.lab.learn")
local tensor = require("gradus.tensor")

local M = {}

local names = {"batch", "layer", "instance", "group"}

local function layer(name, channels)
  local nn = require("gradus.nn")
  if name == "batch" then return nn.BatchNorm2d(channels) end
  if name == "layer" then return nn.GroupNorm(1, channels) end -- one group: all of a sample
  if name == "instance" then return nn.InstanceNorm2d(channels, {affine = true}) end
  return nn.GroupNorm(channels == 4 and 2 or 4, channels)
end

-- x (n, c, h, w) as one row for each set of numbers that a norm takes together.
local sets = {
  batch = function(x) return x:permute(2, 1, 3, 4):reshape(x:size(2), -1) end,
  layer = function(x) return x:reshape(x:size(1), -1) end,
  instance = function(x) return x:reshape(x:size(1) * x:size(2), -1) end,
  group = function(x) return x:reshape(x:size(1) * 2, -1) end, -- two groups of two channels
}

-- How far the rows' means and stds are from 0 and 1 at the farthest.
local function off(rows)
  local mean = rows:mean(2, true)
  local std = (rows - mean):square():mean(2):sqrt()
  return math.max(mean:abs():max():item(), (std - 1):abs():max():item())
end

local function axes()
  local x = tensor.randn(6, 4, 5, 5) * (tensor.rand(6, 4, 1, 1) * 1.5 + 0.5) + tensor.randn(6, 4,
    1, 1)
  local run = {off = {}, means = {x:mean({3, 4})}}
  for i, name in ipairs(names) do
    local y = layer(name, 4)(x):detach()
    run.off[i], run.means[i + 1] = {}, y:mean({3, 4})
    for j, over in ipairs(names) do run.off[i][j] = off(sets[over](y)) end
  end
  return run
end

-- expected[i][j]: after norm i the sets of norm j are normal.
local expected = {{true, false, false, false}, {false, true, false, false},
  {true, true, true, true}, {false, true, false, true}}

local function as_expected(run)
  for i = 1, 4 do
    for j = 1, 4 do
      local o = run.off[i][j]
      if expected[i][j] and o > 0.01 or not expected[i][j] and o <= 0.05 then return false end
    end
  end
  return true
end

local function train(arm, o)
  local nn = require("gradus.nn")
  local set, held = learn.digits {train = o.samples}
  for _, part in ipairs {set, held} do part.x = part.x:reshape(-1, 1, 8, 8) end
  local net = nn.Sequential(nn.Conv2d(1, 8, 3, 1, 1), layer(arm.norm, 8), nn.ReLU(),
    nn.Conv2d(8, 16, 3, 1, 1), layer(arm.norm, 16), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
    nn.Linear(256, 10))
  learn.fit(net, set, {steps = math.ceil(o.epochs * o.samples / arm.batch), batch = arm.batch,
    opt = require("gradus.optim").SGD(net:parameters(), {lr = 0.05 * arm.batch / 32,
      momentum = 0.9})})
  return {error = 100 * (1 - learn.accuracy(net, held))}
end

local function claims(e, looks, runs)
  local least, most = math.huge, 0
  for _, run in ipairs(looks) do
    for i = 1, 4 do
      for j = 1, 4 do
        if expected[i][j] then most = math.max(most, run.off[i][j])
        else least = math.min(least, run.off[i][j]) end
      end
    end
  end
  e:claim {text = "each norm makes mean 0 and std 1 over its own axes, and over what is made of "
    .. "them",
    threshold = "over those sets both are within 0.01, over all others off by more than 0.05",
    unit = "(the least that other sets are off)",
    evidence = ("those within %.2g, others off by at least %.2g, in all seeds"):format(most, least),
    each = function(k)
      local other = math.huge
      for i = 1, 4 do
        for j = 1, 4 do
          if not expected[i][j] then other = math.min(other, looks[k].off[i][j]) end
        end
      end
      return other, as_expected(looks[k])
    end}
  local parts = {}
  for i, name in ipairs(names) do
    parts[i] = ("%s %s and %s"):format(name, experiment.spread(runs[2 * i - 1], "error"),
      experiment.spread(runs[2 * i], "error"))
  end
  e:claim {text = "batch norm needs a large batch, group norm does not", unit =
    "percentage points more rise than group norm",
    threshold = "from batches of 32 to 2 the error rises more with batch norm than with group norm",
    evidence = "% wrong with batches of 32 and 2: " .. table.concat(parts, ", "),
    otherwise = "batches of 2 take 16 times as many steps, which helps every net here more than "
      .. "noisy "
      .. "statistics harm; seeds differ by several points. The paper's nets were trained to the "
      .. "end",
    each = function(k)
      local function rise(i) return runs[2 * i][k].error - runs[2 * i - 1][k].error end
      return rise(1) - rise(4), rise(1) > rise(4)
    end}
end

local function figures(e, look, runs)
  local plot, panels, rounded = require("gradus.plot"), {}, {}
  local largest = look.means[1]:abs():max():item()
  for i, means in ipairs(look.means) do -- one scale, so that rounding errors have no colour
    panels[i] = plot.heatmap(means, {diverging = true, label = "",
      title = i == 1 and "before" or
      names[i - 1] .. " norm", xlabel = "channel", ylabel = "image", range = {-largest, largest}})
  end
  for i = 1, 4 do
    rounded[i] = {}
    for j = 1, 4 do rounded[i][j] = math.floor(look.off[i][j] * 1000 + 0.5) / 1000 end
  end
  panels[6] = plot.heatmap(rounded, {title = "off mean 0, std 1", rows = names, label = "",
    columns = {"B", "L", "I", "G"}, xlabel = "over the sets of", ylabel = "after"})
  e:figure("axes", plot.grid(panels, {columns = 3, width = 1500, height = 900,
    title = "the mean of each image and channel"}))
  local large, small, spread = {}, {}, {{}, {}}
  for i = 1, 4 do
    large[i], spread[1][i] = experiment.moments(experiment.column(runs[2 * i - 1], "error"))
    small[i], spread[2][i] = experiment.moments(experiment.column(runs[2 * i], "error"))
  end
  e:figure("batches", plot.bar({{"batches of 32", large}, {"batches of 2", small}}, {labels = names,
    spread = spread, ylabel = "% wrong, held out",
    title = ("small batches, %d seeds, mean and std"):format(#e.seeds)}))
end

--- lab.norms({samples: integer = 1000, epochs: integer = 2, seeds: integer = 5}) -> result
--- Batch, layer, instance and group norm on one tensor (images, channels, height, width): over
--- which axes each makes mean 0 and std 1; and what each makes of batches of 32 and of 2.
---
--- Two claims: each norm normalises its own sets and what is made of them; batch norm suffers in
--- small batches, group norm does not. rows: norm, batch, seed, error. runs.looks[k].off is the
--- table of the first claim.
--- > r = lab.norms{samples = 64, epochs = 1, seeds = 1}
--- > #r.rows, r.claims[1].held
--- 8	1
function M.norms(given)
  local e = experiment.new("lab.norms", given, {samples = 1000, epochs = 2})
  local arms = {}
  for _, name in ipairs(names) do
    for _, batch in ipairs {32, 2} do arms[#arms + 1] = {norm = name, batch = batch} end
  end
  local looks = e:run({"axes"}, axes)[1]
  local runs = e:run(arms, function(arm) return train(arm, e.o) end)
  for i, arm in ipairs(arms) do
    for k, run in ipairs(runs[i]) do
      e:row {norm = arm.norm, batch = arm.batch, seed = e.seeds[k], error = run.error}
    end
  end
  claims(e, looks, runs)
  figures(e, looks[1], runs)
  return e:finish {name = "Four norms", columns = {"norm", "batch", "seed", "error"},
    runs = {looks = looks, nets = runs},
    look = "what adds up to nothing: each column after batch norm, each row after layer norm, each half of a "
      .. "row after group norm; after instance norm every square is 0."}
end

return M
