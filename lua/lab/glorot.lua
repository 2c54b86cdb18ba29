-- SPDX-License-Identifier: GPL-3.0-or-later
-- Figures 6 and 7 of Glorot and Bengio 2010: activations and back-propagated gradients of a tanh
-- net before training, under the standard and the normalised initialisation.

local bands = require("gradus.lab.bands")
local experiment = require("gradus.lab.experiment")
local tensor = require("gradus.tensor")

local M = {}

-- standard: U(-1/sqrt(n), 1/sqrt(n)); normalised: U(-l, l) with l = sqrt(6 / (in + out)).
local inits = {
  {"standard", function(w)
    local bound = 1 / math.sqrt(w:size(2))
    w:uniform_(-bound, bound)
  end},
  {"normalised", function(w) require("gradus.nn").init.xavier_uniform_(w) end},
}

local BINS, EDGE = 81, 4 -- of the gradients' histograms, in std of the top layer

-- One net: softmax over ten classes drawn at random on top of `depth` tanh layers.
-- Returns activations and gradients with respect to them, by layer.
local function pass(fill, o)
  local a, layers, gradients = tensor.randn(o.batch, o.width), {}, {}
  a.requires_grad = true
  for l = 1, o.depth + 1 do
    local w = tensor.zeros(l > o.depth and 10 or o.width, o.width)
    fill(w)
    a = tensor.linear(a, w)
    if l <= o.depth then
      a = a:tanh()
      layers[l] = a:detach()
      a:register_hook(function(g) gradients[l] = g:detach() end)
    end
  end
  tensor.cross_entropy(a, tensor.randint(1, 10, {o.batch})):backward()
  return layers, gradients
end

-- A histogram as a list: the share of each bin.
local function shares(x, range)
  local s, list = x:stats {bins = BINS, range = range}, {}
  for i = 1, BINS do list[i] = s.counts[i] / x:numel() end
  return list
end

-- A curve a layer: mean and range over the seeds, against the fullest bin of the mean.
local function histogram(runs, field, l, range)
  local xs, lists, most = {}, {}, 0
  for k, run in ipairs(runs) do lists[k] = shares(run[field][l], range) end
  for i = 1, BINS do
    xs[i] = range[1] + (range[2] - range[1]) * (i - 0.5) / BINS
    local sum = 0
    for _, list in ipairs(lists) do sum = sum + list[i] / #lists end
    most = math.max(most, sum)
  end
  for _, list in ipairs(lists) do
    for i = 1, BINS do list[i] = list[i] / most end
  end
  return {l == 1 and "layer 1" or tostring(l), xs, lists}
end

local function panel(runs, field, what, range)
  local entries = {}
  for l in ipairs(runs[1][field]) do entries[l] = histogram(runs, field, l, range) end
  return bands.curve(entries, {title = runs[1].name, xlabel = what, ylabel = "of the peak"})
end

local function panels(all)
  local forward, backward = {}, {}
  for i, runs in ipairs(all) do
    local top = 0
    for _, run in ipairs(runs) do
      top = top + run.gradients[#run.gradients]:stats().std * EDGE / #runs
    end
    forward[i] = panel(runs, "layers", "activation", {-1, 1})
    backward[i] = panel(runs, "gradients", "back-propagated gradient", {-top, top})
  end
  local list = {forward[1], forward[2], backward[1], backward[2]}
  for i = 2, #list do list[i].legend = false end -- the first one stands for all
  return list
end

-- What is left of a std: of activations at the top, of gradients at the bottom.
local function measure(i, o)
  local layers, gradients = pass(inits[i][2], o)
  local run = {name = inits[i][1], layers = layers, gradients = gradients, std = {}, back = {}}
  for l = 1, o.depth do
    run.std[l], run.back[l] = layers[l]:stats().std, gradients[l]:stats().std
  end
  run.forward, run.backward = run.std[o.depth] / run.std[1], run.back[1] / run.back[o.depth]
  return run
end

local function claim(e, runs, which, text, threshold)
  local standard, normalised = runs[1], runs[2]
  e:claim {text = text, threshold = threshold, unit = "of the std left more",
    evidence = ("%s of the std is left with the standard initialisation, %s with the normalised "
      .. "one"):format(
      experiment.spread(standard, which), experiment.spread(normalised, which)),
    each = function(k)
      local a, b = standard[k][which], normalised[k][which]
      return b - a, a < b and a < 0.5
    end}
end

--- lab.glorot({depth: integer = 5, width: integer = 300, batch: integer = 200, seeds: integer = 5}) -> result
--- Figures 6 and 7 of Glorot and Bengio 2010 in small: histograms of activations and of
--- back-propagated gradients, layer by layer, in a tanh net before training, under the standard
--- initialisation U(-1/sqrt(n), 1/sqrt(n)) and the normalised one (Xavier).
---
--- The claims, fixed in advance: with the standard one less than half of the activations' std is
--- left at the top and less than half of the gradients' at the bottom, and with the normalised one
--- more is left than that, each under the same seed. Inputs are N(0, 1), classes are drawn at
--- random. The histograms show the mean over the seeds, and bands from the lowest to the highest.
--- > r = lab.glorot{width = 50, seeds = 2}
--- > #r.rows, #r.figures.histograms.grid
--- 20	4
function M.glorot(given)
  local e = experiment.new("lab.glorot", given, {depth = 5, width = 300, batch = 200})
  local o = e.o
  local runs = e:run({1, 2}, function(i) return measure(i, o) end)
  for i = 1, 2 do
    for k, run in ipairs(runs[i]) do
      for l = 1, o.depth do
        e:row {init = run.name, seed = e.seeds[k], layer = l, std = run.std[l],
          gradient_std = run.back[l]}
      end
    end
  end
  claim(e, runs, "forward", "the standard initialisation loses the signal on its way up, the "
    .. "normalised "
    .. "one less", "of the activations' std less than half is left at the top, and more with the "
    .. "normalised one")
  claim(e, runs, "backward", "the standard initialisation loses the gradient on its way down, the "
    .. "normalised one less", "of the gradients' std less than half is left at the bottom, and "
    .. "more with the "
    .. "normalised one")
  e:figure("histograms", require("gradus.plot").grid(panels(runs), {columns = 2,
    title = ("tanh, %d hidden layers of %d units"):format(o.depth, o.width), width = 1280,
    height = 900, caption = #e.seeds > 1 and ("lines: the mean of %d seeds; bands: from the lowest "
      .. "to the highest of them"):format(#e.seeds) or nil}))
  return e:finish {name = "Glorot and Bengio 2010, figures 6 and 7, in small",
    columns = {"init", "seed", "layer", "std", "gradient_std"},
    look = "left, each layer has a width of its own; right, they differ by a factor of two only."}
end

return M
