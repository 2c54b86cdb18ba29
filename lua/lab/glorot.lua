-- SPDX-License-Identifier: GPL-3.0-or-later
-- Figures 6 and 7 of Glorot and Bengio 2010: activations and back-propagated gradients of a tanh
-- net before training, under the standard and the normalised initialisation.

local core = require("gradus.core")
local options = require("gradus.options")
local result = require("gradus.lab.result")
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

-- One net under one seed: softmax over ten classes drawn at random on top of `depth` tanh layers.
-- Returns activations and gradients with respect to them, by layer.
local function pass(fill, o, seed)
  core.seed(seed)
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

local function moments(list)
  local sum, squares = 0, 0
  for _, v in ipairs(list) do sum = sum + v end
  local mean = sum / #list
  for _, v in ipairs(list) do squares = squares + (v - mean) ^ 2 end
  return mean, #list > 1 and math.sqrt(squares / (#list - 1)) or 0
end

-- What is left of a std: of activations at the top, of gradients at the bottom.
local function measure(i, o, seed, rows, left)
  local layers, gradients = pass(inits[i][2], o, seed)
  for l = 1, o.depth do
    rows[#rows + 1] = {init = inits[i][1], seed = seed, layer = l, std = layers[l]:stats().std,
      gradient_std = gradients[l]:stats().std}
  end
  local first, last = rows[#rows - o.depth + 1], rows[#rows]
  table.insert(left[i].forward, last.std / first.std)
  table.insert(left[i].backward, first.gradient_std / last.gradient_std)
  return {name = inits[i][1], layers = layers, gradients = gradients}
end

local function claim(left, which, text)
  local holds, n = 0, #left[1][which]
  for k = 1, n do
    if left[1][which][k] < left[2][which][k] and left[1][which][k] < 0.5 then holds = holds + 1 end
  end
  local a, sa = moments(left[1][which])
  local b, sb = moments(left[2][which])
  return ("%s: %.3f +- %.3f of the std is left with the standard initialisation, %.3f +- %.3f with "
    .. "the normalised one. The claim holds for %d of %d seeds."):format(text, a, sa, b, sb, holds, n)
end

--- lab.glorot({depth: integer = 5, width: integer = 300, batch: integer = 200, seeds: integer = 5}) -> result
--- Figures 6 and 7 of Glorot and Bengio 2010 in small: histograms of activations and of
--- back-propagated gradients, layer by layer, in a tanh net before training, under the standard
--- initialisation U(-1/sqrt(n), 1/sqrt(n)) and the normalised one (Xavier).
---
--- The claim, fixed in advance: with the standard one less than half of the activations' std is left
--- at the top and less than half of the gradients' at the bottom, and with the normalised one more
--- is left than that, each under the same seed. Inputs are N(0, 1), classes are drawn at random.
--- > r = lab.glorot{width = 50, seeds = 2}
--- > #r.rows, #r.figures.histograms.grid
--- 20	4
function M.glorot(given)
  local o = options.read("lab.glorot", given, {depth = 5, width = 300, batch = 200, seeds = 5,
    progress = true})
  local seeds, rows, shown = result.seeds("lab.glorot", o.seeds), {}, {}
  local left = {{forward = {}, backward = {}}, {forward = {}, backward = {}}}
  local bar = result.progress(o.progress)
  for i = 1, 2 do
    for k, seed in ipairs(seeds) do
      local net = measure(i, o, seed, rows, left)
      if k == 1 then shown[i] = net end
      bar((i - 1) * #seeds + k, 2 * #seeds)
    end
  end
  return result.new {name = "Glorot and Bengio 2010, figures 6 and 7, in small", rows = rows,
    columns = {"init", "seed", "layer", "std", "gradient_std"},
    notes = {claim(left, "forward", "Activations, top against bottom"),
      claim(left, "backward", "Gradients, bottom against top"),
      "Look at: left, each layer has a width of its own; right, they differ by a factor of two only."},
    figures = {order = {"histograms"}, histograms = require("gradus.plot").grid(panels(shown),
      {columns = 2, title = ("tanh, %d hidden layers of %d units"):format(o.depth, o.width),
      height = 900})}}
end

return M
