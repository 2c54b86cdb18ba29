-- SPDX-License-Identifier: GPL-3.0-or-later
-- Tensors are drawn like Lua arrays of the same numbers.

local summary = require "gradus.plot.summary"
local nan, inf = 0 / 0, 1 / 0

local function near(a, b)
  return a == b or (a ~= a and b ~= b) or (a and b and math.abs(a - b) < 1e-6)
end

local wrong = 0
local function same(list, kind)
  local a, b = summary.of("x", "x", tensor(list), kind), summary.of("x", "x", list, kind)
  for _, key in ipairs {"n", "good", "bad", "mean", "std", "zero", "saturated", "lo", "hi"} do
    if not near(a[key], b[key]) then
      wrong = wrong + 1
      print(key, a[key], b[key])
    end
  end
  local c, d = summary.counts(a, -1, 1, 5), summary.counts(b, -1, 1, 5)
  for i = 1, 5 do
    if c[i] ~= d[i] then
      wrong = wrong + 1
      print("bin", i, c[i], d[i])
    end
  end
end
same({-1, 0.5, 0, 0.25, 1}, "Tanh")
same({0.001, 0.5, 0.999}, "Sigmoid")
same({-1, 0.5, nan, 0.25, inf}, "Tanh")
same({nan, nan})
same({3})
same({0, 0, 0}, "ReLU")
print(wrong)
-- expect: 0

local x = tensor {{1, 2, 3}, {4, 5, 6}}
print(plot.heatmap(x).marks[1].z[2][3], plot.heatmap(x:t()).marks[1].z[3][1])
-- expect: 6.0	3.0
print(#plot.curve(tensor {1, 2, 3}).marks[1].y, #plot.curve(tensor(5.0)).marks[1].y)
-- expect: 3	1
print(plot.hist(tensor({1, 2, 3}, {requires_grad = true})).caption)
-- expect: 3 values, mean 2, std 1
print(pcall(plot.hist, tensor.zeros(0)))
-- expect: false	plot.hist: data is empty: there is nothing to draw
print(plot.scatter(tensor {{1, 2}, {3, 4}}).marks[1].x[2], plot.scatter(tensor {1, 2}, tensor {3, 4}).marks[1].y[1])
-- expect: 3.0	3.0
print(#plot.images(tensor.zeros(3, 4, 4)).marks, plot.images(tensor.zeros(2, 3, 4, 4)).marks[1].kind)
-- expect: 1	rgb
print(plot.image(tensor.zeros(1, 4, 4)).marks[1].kind, plot.image(tensor.zeros(3, 4, 4)).marks[1].kind)
-- expect: cells	rgb
print(plot.confusion(metrics.confusion({1, 1, 2}, {1, 2, 2})).caption)
-- expect: 2 of 3 right (66.7 %). Colour: share of the true class
print(plot.roc(metrics.roc({0, 0, 1, 1}, {0.1, 0.4, 0.35, 0.8})).marks[2].name)
-- expect: area 0.750
print(plot.contour(function(a, b) return tensor(a) * b end, {n = 5}).marks[1].kind)
-- expect: cells

-- A large batch costs little: mean, std and histogram come from C.
gradus.seed(1)
local big = tensor.randn(1000000)
local begin = os.clock()
local fig = plot.activations({{"[1] Tanh", big:tanh(), "Tanh"}, {"[2] ReLU", big:relu(), "ReLU"}})
print(os.clock() - begin < 2, ("%.2f %.2f %.2f"):format(fig.layers[1].saturated, fig.layers[2].zero,
  fig.layers[1].std))
-- expect: true	0.04 0.50 0.63
-- Very different spreads: a log axis; zeros have no place on it but are told.
local log = plot.gradients({{"[1].weight", big * 1e-6}, {"[3].weight", big}, {"[5].weight", tensor.zeros(9)}})
print(log.caption)
-- expect: The spread of the layers differs much: each histogram is of the size |gradient|, on a log axis
print(log.grid[1].x.ticks[1][2], log.grid[3].note)
-- expect: 10⁻⁸	mean 0, std 0, zero 100 %

-- A net, by the few methods that pictures ask of it: hooks on the leaves, put off again; buffers and
-- the generator as before.
local hooks, mean = {}, tensor.zeros(3)
local function leaf(kind, f)
  local module = setmetatable({}, {__name = kind})
  function module.named_children() return function() return nil end end
  function module.register_forward_hook(_, fn)
    hooks[module] = fn
    return {remove = function() hooks[module] = nil end}
  end
  function module.run(v)
    local out = f(v)
    if hooks[module] then hooks[module](module, v, out) end
    return out
  end
  return module
end
local noise = leaf("Noise", function(v)
  mean:add_(v:mean(1))
  return v + tensor.randn(v:size(1), 3)
end)
local squash = leaf("Tanh", function(v) return v:tanh() end)
local net = setmetatable({training = true}, {__name = "Net", __call = function(_, v)
  return squash.run(noise.run(v))
end})
function net.named_children() return pairs({noise}) end
function net.named_buffers()
  local done = false
  return function()
    if done then return end
    done = true
    return "mean", mean
  end
end
local list = {{"", net}, {"0", noise}, {"block.1", squash}}
function net.named_modules()
  local i = 0
  return function()
    i = i + 1
    if list[i] then return list[i][1], list[i][2] end
  end
end
gradus.seed(5)
local first = tensor.randn(1):item()
gradus.seed(5)
local seen = plot.activations(net, tensor.ones(8, 3))
print(seen.grid[1].title, seen.grid[2].title, next(hooks), mean:sum():item(), tensor.randn(1):item() == first)
-- expect: [1] Noise	block[2] Tanh	nil	0.0	true
print(pcall(plot.activations, net))
-- expect: false	plot.activations: expected (net, x): the batch whose activations are shown
print(pcall(plot.activations, 3, 4))
-- expect: false	plot.activations: a net (nn.Module), or a list {{"name", tensor}, ...}, expected; got number
print(pcall(plot.gradients, {named_parameters = function() return function() return nil end end}))
-- expect: false	plot.gradients: no parameter has a gradient. Hint: call loss:backward() first
