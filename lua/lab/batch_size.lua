-- SPDX-License-Identifier: GPL-3.0-or-later
-- One sample, a few, or all: the same number of samples, seen in batches of many sizes.
--
-- Recipe, fixed before the first run. Digits (1437 to learn from), 64-64-10, ReLU, plain descent at
-- rate 0.05, ten epochs, batches of 1, 8, 32, 128 and all. Loss over all training digits after each
-- tenth of an epoch (for "all", after each epoch).
-- 1  for the same samples: after ten epochs the loss with batches of 32 is less than half of that
--    with all at once.
-- 2  noise: before training, 100 batches each of 1, 4, 16, 64 and 256 samples (drawn with
--    replacement): the root mean square distance of their gradient from the whole gradient (first
--    layer) falls as size^-0.5: the slope of its logarithm is within 0.05 of -0.5.
-- 3  wild: over the last two epochs the loss (its logarithm, a straight line taken out) has a
--    larger std with batches of 1 than of 32.

local bands = require("gradus.lab.bands")
local core = require("gradus.core")
local experiment = require("gradus.lab.experiment")
local learn = require("gradus.lab.learn")

local M = {}

local SIZES = {1, 4, 16, 64, 256}

local function gradient(net, x, y)
  net:zero_grad()
  require("gradus.nn").cross_entropy(net(x), y):backward()
  return net[1].weight.grad:detach():clone()
end

-- The root mean square distance of a batch's gradient from the whole one, by size.
local function noise(net, set, o)
  local n, list = set.x:size(1), {}
  local whole = gradient(net, set.x, set.y)
  for i, size in ipairs(SIZES) do
    local sum = 0
    for _ = 1, o.draws do
      local at = core.randint(1, n, {size})
      local g = gradient(net, set.x:index_select(1, at), set.y:index_select(1, at))
      sum = sum + (g - whole):square():sum():item() / o.draws
    end
    list[i] = math.sqrt(sum)
  end
  net:zero_grad()
  return list
end

-- The slope of a straight line through (x, y).
local function slope(x, y)
  local n, sx, sy, sxx, sxy = #x, 0, 0, 0, 0
  for i = 1, n do
    sx, sy, sxx, sxy = sx + x[i], sy + y[i], sxx + x[i] * x[i], sxy + x[i] * y[i]
  end
  return (n * sxy - sx * sy) / (n * sxx - sx * sx)
end

local function logs(list)
  local new = {}
  for i, v in ipairs(list) do new[i] = math.log(v) end
  return new
end

-- The std of the logarithm of the last losses around a straight line.
local function wildness(run, count)
  local y = logs(table.move(run.loss, #run.loss - count + 1, #run.loss, 1, {}))
  local x, squares, mean = bands.steps(#y), 0, 0
  local b = slope(x, y)
  for i = 1, #y do mean = mean + (y[i] - b * x[i]) / #y end
  for i = 1, #y do squares = squares + (y[i] - b * x[i] - mean) ^ 2 end
  return math.sqrt(squares / #y)
end

local function train(arm, o)
  local set = learn.digits()
  if o.samples then set = require("gradus.data").subset(set, bands.steps(o.samples, 1, 1)) end
  local n = set.x:size(1)
  local net = learn.mlp {64, 64, 10}
  local run = {loss = {learn.loss(net, set)}, samples = {0}, steps = {0}}
  if arm.noise then run.noise = noise(net, set, o) end
  local size = math.min(arm.size or n, n)
  local per_epoch = math.ceil(n / size)
  local seen, next_look = 0, n / 10
  learn.fit(net, set, {steps = o.epochs * per_epoch, batch = size,
    opt = require("gradus.optim").SGD(net:parameters(), {lr = 0.05}), each = function(step)
      seen = step * n / per_epoch -- the last batch of an epoch may be smaller
      if seen >= next_look - 1e-6 then
        table.insert(run.loss, learn.loss(net, set))
        table.insert(run.samples, seen)
        table.insert(run.steps, step)
        next_look = next_look + n / 10 * math.max(1, math.ceil((seen - next_look) / (n / 10) + 1e-9))
      end
    end})
  run.final = run.loss[#run.loss]
  return run
end

local function claims(e, at)
  e:claim {text = "for the same samples, small batches get further than all at once", unit =
    "of the loss with all at once",
    threshold = ("after %d epochs the loss with batches of 32 is less than half"):format(e.o.epochs),
    evidence = ("loss: batches of 1 %s, 8 %s, 32 %s, 128 %s, all %s"):format(
      experiment.spread(at[1], "final"), experiment.spread(at[2], "final"),
      experiment.spread(at[3], "final"), experiment.spread(at[4], "final"),
      experiment.spread(at[5], "final")),
    each = function(k)
      local ratio = at[3][k].final / at[5][k].final
      return ratio, ratio < 0.5
    end}
  local slopes = {}
  for k, run in ipairs(at[1]) do slopes[k] = {slope = slope(logs(SIZES), logs(run.noise))} end
  e:claim {text = "the noise of a batch's gradient falls with the root of its size", unit =
    "(power of the size)",
    threshold = "the power is within 0.05 of -0.5",
    evidence = "power " .. experiment.spread(slopes, "slope"),
    each = function(k) return slopes[k].slope, math.abs(slopes[k].slope + 0.5) <= 0.05 end}
  local function wild(run) return wildness(run, math.min(20, #run.loss)) end
  e:claim {text = "one sample at a time makes a wilder path than 32", unit = "times the std",
    threshold = "over the last two epochs the logarithm of the loss has a larger std",
    evidence = ("std around a straight line: batches of 1 %s, 8 %s, 32 %s"):format(
      experiment.spread(at[1], wild), experiment.spread(at[2], wild), experiment.spread(at[3],
      wild)),
    each = function(k)
      local ratio = wild(at[1][k]) / wild(at[3][k])
      return ratio, ratio > 1
    end}
end

local function figures(e, arms, at)
  local plot, by_samples, by_steps = require("gradus.plot"), {}, {}
  for i, arm in ipairs(arms) do
    local loss = bands.columns(at[i], "loss")
    by_samples[i] = {arm.name, at[i][1].samples, loss}
    local steps = table.move(at[i][1].steps, 1, #at[i][1].steps, 1, {})
    steps[1] = 0.5 -- the place of the beginning on a log axis
    by_steps[i] = {arm.name, steps, loss}
  end
  e:figure("loss", plot.grid({
    bands.curve(by_samples, {title = "by samples seen", xlabel = "samples", ylabel = "loss",
      ylog = true}),
    bands.curve(by_steps, {title = "by steps taken", xlabel = "steps", xlog = true,
      ylabel = "loss", ylog = true})}, {columns = 2, width = 1280, height = 660,
    title = "the same samples in batches of many sizes"}))
  local predicted = {}
  for i, size in ipairs(SIZES) do
    predicted[i] = math.exp(experiment.moments(logs(experiment.column(at[1], function(r)
      return r.noise[1]
    end)))) / math.sqrt(size)
  end
  local fig = bands.curve({{"measured", SIZES, bands.columns(at[1], "noise")}}, {xlog = true,
    ylog = true, points = true, xlabel = "batch size", ylabel = "distance from the whole gradient",
    title = "noise of a batch's gradient"})
  fig.marks[#fig.marks + 1] = {kind = "line", x = SIZES, y = predicted, dash = true, color = "dim",
    name = "1 / sqrt(size)"}
  e:figure("noise", fig)
end

--- lab.batch_size({epochs: integer = 10, draws: integer = 100, samples: integer, seeds: integer = 5}) -> result
--- One sample at a time, batches of 8, 32 and 128, or all at once, for the same number of samples:
--- loss by samples and by steps, and the noise of a batch's gradient against 1 / sqrt(size).
---
--- Three claims: small batches get further for the same samples; the noise falls with the root of
--- the size; one sample at a time makes a wild path. rows: batch, seed, samples, steps, loss.
--- > r = lab.batch_size{epochs = 1, draws = 2, samples = 64, seeds = 1}
--- > r.rows[#r.rows].batch, r.rows[#r.rows].steps
--- all	1
function M.batch_size(given)
  local e = experiment.new("lab.batch_size", given, {epochs = 10, draws = 100}, {"samples"})
  local arms = {{name = "1", size = 1, noise = true}, {name = "8", size = 8},
    {name = "32", size = 32}, {name = "128", size = 128}, {name = "all"}}
  local runs = e:run(arms, function(arm) return train(arm, e.o) end)
  for i, arm in ipairs(arms) do
    for k, run in ipairs(runs[i]) do
      for j, loss in ipairs(run.loss) do
        e:row {batch = arm.name, seed = e.seeds[k], samples = run.samples[j], steps = run.steps[j],
          loss = loss}
      end
    end
  end
  claims(e, runs)
  figures(e, arms, runs)
  return e:finish {name = "Batch sizes", columns = {"batch", "seed", "samples", "steps", "loss"},
    runs = runs, look = "that left small batches win, and right large ones do: a step of many is "
      .. "surer."}
end

return M
