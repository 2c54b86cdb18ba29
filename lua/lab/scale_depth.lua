-- SPDX-License-Identifier: GPL-3.0-or-later
-- The gradient of a linear net's first weight is the product of all the others.

local core = require("gradus.core")
local options = require("gradus.options")
local result = require("gradus.lab.result")
local tensor = require("gradus.tensor")

local M = {}

local makers = {
  identity = function(n) return tensor.eye(n) end,
  orthogonal = function(n) return require("gradus.nn").init.orthogonal_(tensor.zeros(n, n)) end,
  normal = function(n) return tensor.randn(n, n) / math.sqrt(n) end,
}

-- The norms of the first weight's gradient in nets of 1 .. depth layers of scale S. Each net goes
-- on where the shallower one ended; the loss is the output times fixed noise.
local function gradients(scale, o, seed)
  core.seed(seed)
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

local function run(scale, o, seeds, rows)
  local lists, predicted, holds = {}, {}, 0
  for m = 1, o.depth do predicted[m] = scale ^ (m - 1) end
  for k, seed in ipairs(seeds) do
    local norms = gradients(scale, o, seed)
    lists[k] = relative(norms)
    for m = 1, o.depth do
      rows[#rows + 1] = {scale = scale, seed = seed, depth = m, gradient = norms[m],
        relative = lists[k][m], predicted = predicted[m]}
    end
    -- What is left once S^(m-1) is taken out: a factor that does not grow with S.
    local left = math.abs(math.log(lists[k][o.depth] / predicted[o.depth]))
    if left < math.max(0.01, o.weights == "normal" and 3 * math.sqrt(o.depth / o.width) or 0) then
      holds = holds + 1
    end
  end
  return lists, predicted, holds
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
  local o = options.read("lab.scale_depth", given, {scales = {0.5, 0.9, 1, 1.1, 2}, depth = 20,
    width = 64, weights = "identity", seeds = 5})
  if not makers[o.weights] then
    error(("lab.scale_depth: weights is identity, orthogonal or normal; got '%s'"):format(
      tostring(o.weights)), 2)
  end
  local seeds, rows, list, notes = result.seeds("lab.scale_depth", o.seeds), {}, {}, {}
  local dashes = {}
  for i, scale in ipairs(o.scales) do
    local lists, predicted, holds = run(scale, o, seeds, rows)
    list[i] = {("S = %g"):format(scale), lists}
    dashes[i] = {i == 1 and "dashed: S^(m-1)" or "", predicted, {dash = true, color = "dim"}}
    notes[i] = ("S = %g: the gradient is %.3g times that of one layer at depth %d; S^(m-1) = %.3g; "
      .. "holds for %d of %d seeds."):format(scale, lists[1][o.depth], o.depth, predicted[o.depth],
      holds, #seeds)
  end
  table.move(dashes, 1, #dashes, #list + 1, list)
  notes[#notes + 1] = "Look at: straight lines on a log axis. Only S = 1 is level."
  return result.new {name = "The gradient goes as S^(m-1)", rows = rows, notes = notes,
    columns = {"scale", "seed", "depth", "gradient", "relative", "predicted"},
    figures = {order = {"depth"}, depth = figure(list, o)}}
end

return M
