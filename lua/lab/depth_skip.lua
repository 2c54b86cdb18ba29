-- SPDX-License-Identifier: GPL-3.0-or-later
-- A very deep net with and without connections that skip its layers.
--
-- Recipe, fixed before the first run. 50 blocks of 64 units with ReLU on digits, Linear's own
-- initialisation: plain (Linear, ReLU), norm (Linear, BatchNorm1d, ReLU), skip (x + ReLU(Linear
-- x)), skip + norm (x + ReLU(Linear(BatchNorm1d x))). Gradients with respect to the blocks' outputs
-- at the beginning; then Adam 0.001, 200 steps of 64, accuracy on 360 held-out digits.
-- 1  gradients: from block 50 down to block 1 they shrink by more than five powers of ten in the
--    plain net, and with skips change by less than two.
-- 2  learning: with skips at least 80 % right at the end, without less than 50 %.
-- 3  norm and skips: the std of the signal grows from block 1 to block 50 less than half as much
--    with norm in the branch as without.

local bands = require("gradus.lab.bands")
local experiment = require("gradus.lab.experiment")
local learn = require("gradus.lab.learn")

local M = {}

local names = {"plain", "norm", "skip", "skip + norm"}

local blocks = {
  plain = function(nn, n) return nn.Sequential(nn.Linear(n, n), nn.ReLU()) end,
  norm = function(nn, n) return nn.Sequential(nn.Linear(n, n), nn.BatchNorm1d(n), nn.ReLU()) end,
  skip = function(nn, n) return nn.Residual(nn.Linear(n, n), nn.ReLU()) end,
  ["skip + norm"] = function(nn, n)
    return nn.Residual(nn.BatchNorm1d(n), nn.Linear(n, n), nn.ReLU())
  end,
}

local function new_net(name, o)
  local nn = require("gradus.nn")
  local layers = {nn.Linear(64, o.width)}
  for _ = 1, o.depth do layers[#layers + 1] = blocks[name](nn, o.width) end
  layers[#layers + 1] = nn.Linear(o.width, 10)
  return nn.Sequential(table.unpack(layers))
end

-- The std of signal and gradient at each block's output, for one batch.
local function look(net, set, o)
  local signals, gradients, z = {}, {}, set.x:narrow(1, 1, 256)
  for l = 1, o.depth + 2 do
    z = net[l](z)
    if l > 1 and l < o.depth + 2 then
      signals[l - 1] = z:detach():stats().std
      z:register_hook(function(g) gradients[l - 1] = g:detach():stats().std end)
    end
  end
  require("gradus.nn").cross_entropy(z, set.y:narrow(1, 1, 256)):backward()
  for _, p in ipairs(net:parameters()) do p.grad = nil end
  return signals, gradients
end

local function train(name, o)
  local set, held = learn.digits()
  local net, run = new_net(name, o), {}
  run.signals, run.gradients = look(net, set, o)
  run.loss = learn.fit(net, set, {steps = o.steps, batch = 64,
    opt = require("gradus.optim").Adam(net:parameters(), {lr = 0.001})})
  run.accuracy = learn.accuracy(net, held)
  -- In powers of ten; a gradient of 0 is below what float32 holds.
  run.decades = math.log(math.max(run.gradients[1], 1e-45) / run.gradients[o.depth], 10)
  run.growth = run.signals[o.depth] / run.signals[1]
  return run
end

local function claims(e, at)
  local o = e.o
  local function decades(name) return experiment.spread(at[name], "decades") end
  e:claim {text = "skips carry the gradient through any depth", unit = "powers of ten kept",
    threshold = "from the last block to the first it shrinks by more than five powers of ten in "
      .. "the "
      .. "plain net and changes by less than two with skips",
    evidence = ("powers of ten from block %d to block 1: plain %s (theory %.3g), norm %s, skip %s, "
      .. "skip + norm %s"):format(o.depth, decades("plain"), (o.depth - 1) / 2 * math.log(1 / 6,
      10),
      decades("norm"), decades("skip"), decades("skip + norm")),
    otherwise = "nothing vanishes with skips alone, but it grows: ReLU adds only positive "
      .. "numbers, so "
      .. "that the units' mean, with Linear's weights, is multiplied by about 1 + 1/sqrt(6 pi) = "
      .. "1.23 a "
      .. "block, and the gradient goes back through the same product. Norm in the branch ends that",
    each = function(k)
      local plain, skip = at.plain[k].decades, at.skip[k].decades
      return skip - plain, plain < -5 and math.abs(skip) < 2
    end}
  local function right(name)
    return experiment.spread(at[name], function(r) return 100 * r.accuracy end)
  end
  e:claim {text = ("%d layers learn with skips and do not without"):format(o.depth),
    unit = "percentage points more right",
    threshold = "held out at least 80 % are right with skips, less than 50 % without",
    evidence = ("%% right: plain %s, norm %s, skip %s, skip + norm %s"):format(right("plain"),
      right("norm"), right("skip"), right("skip + norm")),
    otherwise = "with skips alone the signal, too, grows by powers of ten, the first loss is in "
      .. "the "
      .. "thousands, and so few steps are hardly enough; with norm in the branches they are",
    each = function(k)
      local plain, skip = at.plain[k].accuracy, at.skip[k].accuracy
      return 100 * (skip - plain), skip >= 0.8 and plain < 0.5
    end}
  e:claim {text = "norm in the branch keeps the signal of a net with skips small", unit =
    "of the growth without norm",
    threshold = "the std grows less than half as much with norm as without",
    evidence = ("std at the last block over that at the first: skip %s, skip + norm %s"):format(
      experiment.spread(at.skip, "growth"), experiment.spread(at["skip + norm"], "growth")),
    each = function(k)
      local ratio = at["skip + norm"][k].growth / at.skip[k].growth
      return ratio, ratio < 0.5
    end}
end

local function figures(e, at)
  local plot, gradients, signals, loss = require("gradus.plot"), {}, {}, {}
  local x = bands.steps(e.o.steps, 1, 1)
  for i, name in ipairs(names) do
    gradients[i] = {name, bands.columns(at[name], "gradients")}
    signals[i] = {name, bands.columns(at[name], "signals")}
    loss[i] = {name, x, bands.columns(at[name], function(r) return bands.smooth(r.loss, 0.8) end)}
  end
  local title = ("%d blocks of %d units"):format(e.o.depth, e.o.width)
  e:figure("depth", plot.grid({plot.depth(signals, {title = "signal", ylabel = "std of the "
    .. "output"}),
    plot.depth(gradients, {title = "gradient", ylabel = "std of the gradient"})},
    {columns = 2, width = 1280, height = 620, title = title .. ", before training"}))
  -- The nets without skips lie on each other on an axis that has room for the first loss of those with.
  local with, without = {loss[3], loss[4]}, {loss[1], loss[2]}
  e:figure("loss", plot.grid({bands.curve(with, {title = "with skips", xlabel = "step",
    ylabel = "loss, smoothed", ylog = true}),
    bands.curve(without, {title = "without: a guess costs ln 10 = 2.30", xlabel = "step", ylabel = "loss, smoothed"})},
    {columns = 2, width = 1280, height = 620, title = title}))
end

--- lab.depth_skip({depth: integer = 50, width: integer = 64, steps: integer = 200, seeds: integer = 5}) -> result
--- A net of 50 blocks, plain, with batch norm, with skips (x + f(x)), and with both: signal and
--- gradient block by block before training, and what each learns of the digits.
---
--- Three claims: skips carry the gradient; the deep net learns with them only; norm in the branch
--- keeps the signal from growing. rows: net, seed, block, signal_std, gradient_std; runs holds
--- accuracy.
--- > r = lab.depth_skip{depth = 3, width = 8, steps = 3, seeds = 1}
--- > #r.rows, r.rows[12].net
--- 12	skip + norm
function M.depth_skip(given)
  local e = experiment.new("lab.depth_skip", given, {depth = 50, width = 64, steps = 200})
  local runs, at = e:run(names, function(name) return train(name, e.o) end), {}
  for i, name in ipairs(names) do
    at[name] = runs[i]
    for k, run in ipairs(runs[i]) do
      for l = 1, e.o.depth do
        e:row {net = name, seed = e.seeds[k], block = l, signal_std = run.signals[l],
          gradient_std = run.gradients[l]}
      end
    end
  end
  claims(e, at)
  figures(e, at)
  return e:finish {name = "A deep net with and without skips", runs = at,
    columns = {"net", "seed", "block", "signal_std", "gradient_std"},
    look = "the plain net's gradient: a straight line down on a log axis; and the two scales of the loss: what "
      .. "skips make learn moves by powers of ten, the other nets by hundredths."}
end

return M
