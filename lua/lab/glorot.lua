-- SPDX-License-Identifier: GPL-3.0-or-later
-- Figures 6 and 7 of Glorot and Bengio 2010: activations and back-propagated gradients of a tanh
-- net before training, under the standard and the normalised initialisation.

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

-- A histogram as a curve: the share of each bin, against the fullest one.
local function curve(x, range, l)
  local s = x:stats {bins = BINS, range = range}
  local xs, ys, most = {}, {}, 1
  for i = 1, BINS do most = math.max(most, s.counts[i]) end
  for i = 1, BINS do
    xs[i] = range[1] + (range[2] - range[1]) * (i - 0.5) / BINS
    ys[i] = s.counts[i] / most
  end
  return {("layer %d"):format(l), xs, ys}
end

local function panel(list, name, what, range)
  local curves = {}
  for l, x in ipairs(list) do curves[l] = curve(x, range, l) end
  return require("gradus.plot").curve(curves, {title = name, xlabel = what, ylabel = ""})
end

local function panels(shown)
  local forward, backward = {}, {}
  for i, net in ipairs(shown) do
    local top = net.gradients[#net.gradients]:stats().std * EDGE
    forward[i] = panel(net.layers, net.name, "activation", {-1, 1})
    backward[i] = panel(net.gradients, net.name, "back-propagated gradient", {-top, top})
  end
  return {forward[1], forward[2], backward[1], backward[2]}
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
--- random.
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
  e:figure("histograms", require("gradus.plot").grid(panels {runs[1][1], runs[2][1]}, {columns = 2,
    title = ("tanh, %d hidden layers of %d units"):format(o.depth, o.width), width = 1280,
    height = 900}))
  return e:finish {name = "Glorot and Bengio 2010, figures 6 and 7, in small",
    columns = {"init", "seed", "layer", "std", "gradient_std"},
    look = "left, each layer has a width of its own; right, they differ by a factor of two only."}
end

return M
