-- SPDX-License-Identifier: GPL-3.0-or-later
-- Mishkin and Matas 2016 in small: layer-sequential unit variance in a deep net.
--
-- Recipe, fixed before the first run. Nets of 50 linear layers of 64 units, digits as inputs, for
-- ReLU and tanh. Initialisers: xavier_normal, kaiming_normal (with the gain of ReLU), orthogonal
-- (gain 1), sparse (three quarters of the weights 0, the others N(0, 2 / 16)), lsuv (on 256
-- training digits, otherwise as nn.init.lsuv_ does it). Std of each linear layer's output for 256
-- other digits.
-- 1  level: with LSUV, under both activations, all 50 stds lie between 0.8 and 1.25.
-- 2  nearest: at layer 50 LSUV's std is nearer to 1 (as a ratio) than that of each of the other
--    four, under both activations.
-- 3  learning: ReLU, plain descent with momentum 0.9, rate 0.01, 300 steps of 64: LSUV's loss over
--    the last 20 steps is at most that of Kaiming.

local bands = require("gradus.lab.bands")
local experiment = require("gradus.lab.experiment")
local learn = require("gradus.lab.learn")

local M = {}

local inits = {"xavier_normal", "kaiming_normal", "orthogonal", "sparse", "lsuv"}

local function new_net(arm, o, batch)
  local nn, sizes = require("gradus.nn"), {64}
  for l = 1, o.depth do sizes[l + 1] = o.width end
  sizes[#sizes + 1] = 10
  local net = learn.mlp(sizes, function()
    return {arm.activation == "relu" and nn.ReLU() or nn.Tanh()}
  end)
  local options = {kaiming_normal = {nonlinearity = "relu"},
    sparse = {sparsity = 0.75, std = math.sqrt(8 / o.width)}}
  nn.init.apply(net, arm.init == "lsuv" and "orthogonal" or arm.init, options[arm.init])
  if arm.init == "lsuv" then nn.init.lsuv_(net, batch) end
  return net
end

local function stds(net, x, o)
  local list, z = {}, x
  require("gradus.autograd").no_grad(function()
    net:eval()
    for l = 1, 2 * o.depth do
      z = net[l](z)
      if l % 2 == 1 then list[#list + 1] = z:stats().std end
    end
    net:train()
  end)
  return list
end

local function train(arm, o)
  local set, held = learn.digits()
  local net = new_net(arm, o, set.x:narrow(1, 1, 256))
  local run = {stds = stds(net, held.x:narrow(1, 1, 256), o)}
  run.top = run.stds[o.depth]
  if arm.activation == "relu" and (arm.init == "lsuv" or arm.init == "kaiming_normal") then
    run.loss = learn.fit(net, set, {steps = o.steps, batch = 64,
      opt = require("gradus.optim").SGD(net:parameters(), {lr = 0.01, momentum = 0.9})})
    run.final = learn.tail(run.loss, 20)
  end
  return run
end

local function away(std) return math.abs(math.log(std)) end

-- The factor by which the farthest of some stds is off 1.
local function farthest(list)
  local most = 0
  for _, std in ipairs(list) do most = math.max(most, away(std)) end
  return math.exp(most)
end

local function claims(e, at)
  local o = e.o
  local relu, tanh = at.relu.lsuv, at.tanh.lsuv
  e:claim {text = ("after LSUV the signal is level through %d layers"):format(o.depth),
    threshold = "under ReLU and tanh all stds lie between 0.8 and 1.25, for digits not used by "
      .. "LSUV",
    unit = "times off 1 at the farthest",
    evidence = ("farthest std off 1 by a factor of %s with ReLU, %s with tanh"):format(
      experiment.spread(relu, function(r) return farthest(r.stds) end),
      experiment.spread(tanh, function(r) return farthest(r.stds) end)),
    each = function(k)
      local most = math.max(farthest(relu[k].stds), farthest(tanh[k].stds))
      return most, most <= 1.25
    end}
  local parts = {}
  for _, act in ipairs {"relu", "tanh"} do
    for _, init in ipairs(inits) do
      parts[#parts + 1] = ("%s %s %.2g"):format(act, init, math.exp((experiment.moments(
        experiment.column(at[act][init], function(r) return math.log(r.top) end)))))
    end
  end
  e:claim {text = "no other initialiser comes as near to std 1 at the top", unit =
    "times as far from 1 is the next best (distances on a log scale)",
    threshold = ("at layer %d LSUV is nearest to 1 under both activations"):format(o.depth),
    evidence = "std at the top: " .. table.concat(parts, ", "),
    each = function(k)
      local least = math.huge
      for _, act in ipairs {"relu", "tanh"} do
        local own = away(at[act].lsuv[k].top)
        for _, init in ipairs(inits) do
          if init ~= "lsuv" then
            least = math.min(least, away(at[act][init][k].top) / math.max(own, 1e-6))
          end
        end
      end
      return least, least > 1
    end}
  local ours, theirs = at.relu.lsuv, at.relu.kaiming_normal
  e:claim {text = "a deep ReLU net learns at least as well after LSUV as after Kaiming",
    threshold = "the loss over the last 20 steps is at most that of Kaiming", unit = "nats less",
    evidence = ("loss %s with LSUV, %s with Kaiming (a guess: 2.3)"):format(
      experiment.spread(ours, "final"), experiment.spread(theirs, "final")),
    otherwise = ("after %d steps neither has learnt much, and seeds differ more than the two "
      .. "do"):format(
      o.steps),
    each = function(k)
      return theirs[k].final - ours[k].final, ours[k].final <= theirs[k].final
    end}
end

local function figures(e, at)
  local plot, panels = require("gradus.plot"), {}
  for i, act in ipairs {"relu", "tanh"} do
    local list = {}
    for j, init in ipairs(inits) do
      list[j] = {(init:gsub("_normal", "")), bands.columns(at[act][init], "stds")}
    end
    panels[i] = plot.depth(list, {title = act, ylabel = "std of the layer's output"})
  end
  e:figure("depth", plot.grid(panels, {columns = 2, width = 1280, height = 620,
    title = ("%d layers of %d units, before training"):format(e.o.depth, e.o.width)}))
  local x = bands.steps(e.o.steps, 1, 1)
  local function smooth(run) return bands.smooth(run.loss, 0.9) end
  e:figure("loss", bands.curve({
    {"kaiming_normal", x, bands.columns(at.relu.kaiming_normal, smooth)},
    {"lsuv", x, bands.columns(at.relu.lsuv, smooth)}}, {xlabel = "step", ylabel = "loss, smoothed",
    title = ("%d ReLU layers, digits"):format(e.o.depth)}))
end

--- lab.lsuv({depth: integer = 50, width: integer = 64, steps: integer = 300, seeds: integer = 5}) -> result
--- Mishkin and Matas 2016 in small: deep nets under five initialisers, the last of which, LSUV,
--- looks at data: it divides each layer's weights by the std of that layer's outputs.
---
--- Three claims: the signal is level through all layers; no other initialiser is as near to std 1
--- at the top; a deep ReLU net learns at least as well as after Kaiming. rows: activation, init,
--- seed, layer, std.
--- > r = lab.lsuv{depth = 3, width = 8, steps = 3, seeds = 1}
--- > #r.rows, r.rows[1].activation, r.rows[30].init
--- 30	relu	lsuv
function M.lsuv(given)
  local e = experiment.new("lab.lsuv", given, {depth = 50, width = 64, steps = 300})
  local arms, at = {}, {relu = {}, tanh = {}}
  for _, act in ipairs {"relu", "tanh"} do
    for _, init in ipairs(inits) do arms[#arms + 1] = {activation = act, init = init} end
  end
  local runs = e:run(arms, function(arm) return train(arm, e.o) end)
  for i, arm in ipairs(arms) do
    at[arm.activation][arm.init] = runs[i]
    for k, run in ipairs(runs[i]) do
      for l, std in ipairs(run.stds) do
        e:row {activation = arm.activation, init = arm.init, seed = e.seeds[k], layer = l,
          std = std}
      end
    end
  end
  claims(e, at)
  figures(e, at)
  return e:finish {name = "Mishkin and Matas 2016 in small: LSUV", runs = at,
    columns = {"activation", "init", "seed", "layer", "std"},
    look = "which lines are level under both activations: only what was measured, not derived."}
end

return M
