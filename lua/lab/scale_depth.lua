-- SPDX-License-Identifier: GPL-3.0-or-later
-- The gradient of a linear net's first weight is the product of all the others.

local experiment = require("gradus.lab.experiment")
local tensor = require("gradus.tensor")

local M = {}

local makers = {
  identity = function(n) return tensor.eye(n) end,
  orthogonal = function(n) return require("gradus.nn").init.orthogonal_(tensor.zeros(n, n)) end,
  normal = function(n) return tensor.randn(n, n) / math.sqrt(n) end,
}

-- The norms of the first weight's gradient in nets of 1 .. depth layers of scale S. Each net goes
-- on where the shallower one ended; the loss is the output times fixed noise.
local function gradients(scale, o)
  local x, noise = tensor.randn(1, o.width), tensor.randn(1, o.width)
  local first = makers[o.weights](o.width) * scale
  first.requires_grad = true
  local y, norms = tensor.linear(x, first), {}
  for m = 1, o.depth do
    if m > 1 then y = tensor.linear(y, makers[o.weights](o.width) * scale) end
    first.grad = nil
    ;(y * noise):sum():backward({retain_graph = true})
    norms[m] = first.grad:square():sum():sqrt():item()
  end
  return norms
end

local function relative(norms)
  local list = {}
  for m, g in ipairs(norms) do list[m] = g / norms[1] end
  return list
end

-- How far the deepest net is off S^(m-1), as a factor: what is left does not grow with S.
local function factor(lists, scale, o, k)
  return math.exp(math.abs(math.log(lists[k][o.depth] / scale ^ (o.depth - 1))))
end

local function claim(e, all)
  local o, parts = e.o, {}
  -- Weights N(0, 1/n) add a random factor a layer; the others are exact up to rounding.
  local allowed = o.weights == "normal" and math.exp(3 * math.sqrt(o.depth / o.width)) or 1.01
  for i, scale in ipairs(o.scales) do
    parts[i] = ("S = %g: %.3g times that of one layer (S^(m-1) = %.3g)"):format(scale,
      all[i][1][o.depth], scale ^ (o.depth - 1))
  end
  e:claim {text = "the first weight's gradient goes as S^(m-1) with depth m",
    threshold = ("at depth %d and every S it is within a factor of %.3g of that"):format(o.depth,
      allowed),
    unit = "times off at the farthest S", evidence = table.concat(parts, ", "),
    each = function(k)
      local most = 1
      for i, scale in ipairs(o.scales) do most = math.max(most, factor(all[i], scale, o, k)) end
      return most, most <= allowed
    end}
end

local function figure(list, o)
  local fig = require("gradus.plot").depth(list, {ylabel = "gradient of the first weight, relative",
    title = ("linear nets, weights S times %s"):format(o.weights)})
  fig.x.label = "depth m"
  return fig
end

--- lab.scale_depth{scales: {number, ...} = {0.5, 0.9, 1, 1.1, 2}, depth: integer = 20, width: integer = 64, weights: string = "identity", seeds: integer = 5} -> result
--- How the gradient of the first weight depends on depth m in linear nets whose weights are all of
--- scale S: as S^(m-1), with W = 2I it doubles with each layer, with W = I/2 it halves.
---
--- weights: "identity", "orthogonal" (a new one each layer) or "normal", N(0, 1/n). The figure has
--- S^(m-1) as dashes; result.rows has scale, seed, depth, gradient, relative, predicted.
--- > r = lab.scale_depth{scales = {2}, depth = 5, seeds = 1}
--- > r.rows[5].relative, r.rows[5].predicted
--- 16.0	16.0
function M.scale_depth(given)
  local e = experiment.new("lab.scale_depth", given, {scales = {0.5, 0.9, 1, 1.1, 2}, depth = 20,
    width = 64, weights = "identity"})
  local o, list, dashes = e.o, {}, {}
  if not makers[o.weights] then
    error(("lab.scale_depth: weights is identity, orthogonal or normal; got '%s'"):format(
      tostring(o.weights)), 2)
  end
  local all = e:run(o.scales, function(scale, seed)
    local norms, predicted = gradients(scale, o), {}
    local over = relative(norms)
    for m = 1, o.depth do
      predicted[m] = scale ^ (m - 1)
      e:row {scale = scale, seed = seed, depth = m, gradient = norms[m], relative = over[m],
        predicted = predicted[m]}
    end
    return over
  end)
  for i, scale in ipairs(o.scales) do
    local predicted = {}
    for m = 1, o.depth do predicted[m] = scale ^ (m - 1) end
    list[i] = {("S = %g"):format(scale), all[i]}
    dashes[i] = {i == 1 and "dashed: S^(m-1)" or "", predicted, {dash = true, color = "dim"}}
  end
  table.move(dashes, 1, #dashes, #list + 1, list)
  claim(e, all)
  e:figure("depth", figure(list, o))
  return e:finish {name = "The gradient goes as S^(m-1)", look =
    "straight lines on a log axis. Only S = 1 is level.",
    columns = {"scale", "seed", "depth", "gradient", "relative", "predicted"}}
end

return M
