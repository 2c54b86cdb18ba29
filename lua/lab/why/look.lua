-- SPDX-License-Identifier: GPL-3.0-or-later
-- What one batch shows of a net, forward and backward, on a copy of it: the net stays as it is.

local core = require("gradus.core")
local measure = require("gradus.nn.measure")

local M = {}

-- Kinds of activation layers and what lab.theory calls them.
M.activations = {
  ReLU = "relu", LeakyReLU = "leaky_relu", PReLU = "leaky_relu", Tanh = "tanh", Sigmoid = "sigmoid",
  Hardtanh = "hardtanh", Softsign = "softsign", ELU = "elu", SELU = "selu", GELU = "gelu",
  SiLU = "silu", Mish = "mish", Softplus = "softplus",
}

--- Whether a module computes something else in training than in evaluation.
function M.has_modes(m)
  local kind = m:kind()
  return kind:find("^Drop") ~= nil or kind == "AlphaDropout" or rawget(m, "running_mean") ~= nil
end

--- Whether all of a tensor is finite: x - x is 0 for finite x only.
function M.is_finite(x)
  return (x - x):eq(0):all()
end

local function labels_of(y, classes)
  local counts = {}
  for c = 1, classes do counts[c] = y:eq(c):sum():item() end
  return counts
end

--- look.batch(set, n) -> x, y
--- n samples (or all), spread evenly over the data set.
function M.batch(set, n)
  local all = set.x:size(1)
  if all <= n then return set.x, set.y end
  local at = (core.arange(0, n - 1) * (all / n)):floor() + 1
  return set.x:index_select(1, at), set.y and set.y:index_select(1, at)
end

--- look.data(x) -> {n, mean, std, low, high, biggest, middle, feature, constant, finite}
--- The numbers of the data; `biggest` and `middle` are the largest and the median std of a feature
--- that varies, `constant` counts those that do not.
function M.data(x)
  if not M.is_finite(x) then return {finite = false} end
  local flat, all = x:reshape(x:size(1), -1), x:stats()
  local stds, varying = flat:size(1) > 1 and flat:std(1):totable() or {}, {}
  local biggest, feature = 0, 1
  for j, s in ipairs(stds) do
    if s > 1e-9 then varying[#varying + 1] = s end
    if s > biggest then biggest, feature = s, j end
  end
  table.sort(varying)
  return {finite = true, n = x:size(1), mean = all.mean, std = all.n > 1 and all.std or 0,
    low = all.min, high = all.max,
    biggest = biggest, feature = feature, middle = varying[#varying // 2 + 1] or 0,
    constant = #stds - #varying}
end

-- How many of a layer's units differ in weights and bias: random projections of equal rows are equal.
local function distinct(m)
  local w, b = rawget(m, "weight"), rawget(m, "bias")
  local rows = w:detach():reshape(w:size(1), -1):to("float64")
  local seen = rows:matmul(core.randn({rows:size(2)}, {dtype = "float64"}))
  if b then seen = seen + b:detach():to("float64") * 0.7312 end
  local values = seen:totable()
  table.sort(values)
  local near = 1e-6 * math.max(math.abs(values[1]), math.abs(values[#values]))
  local n = 1
  for i = 2, #values do
    if values[i] - values[i - 1] > near then n = n + 1 end
  end
  return n
end

-- Weights of a layer as numbers: units, inputs, n Var(W), the largest, and how they look.
local function weights(m)
  local w = m.weight:detach()
  local flat = w:reshape(w:size(1), -1)
  local s = flat:stats()
  local var = s.std ^ 2 + s.mean ^ 2
  return {units = flat:size(1), inputs = flat:size(2), var = var, std = s.std, mean = s.mean,
    gain = flat:size(2) * var, bound = math.max(math.abs(s.min), math.abs(s.max)),
    distinct = distinct(m)}
end

local function is_weighted(m)
  local w = rawget(m, "weight")
  return core.is_tensor(w) and w:dim() >= 2 and m:kind() ~= "Embedding"
end

-- Hooks that write down what each leaf of the net does; rows come in the order of computation.
local function watch(net, rows)
  for name, m in net:named_modules() do
    if #m:children() == 0 then
      m:register_forward_hook(function(_, _, y)
        if not core.is_tensor(y) or y:dim() < 2 then return end
        local row = measure.output(m:kind(), y:detach())
        row.name, row.kind, row.module = name, m:kind(), m
        row.finite = M.is_finite(y:detach())
        row.units = y:numel() // y:size(1)
        if is_weighted(m) then row.weights = weights(m) end
        rows[#rows + 1] = row
        if y.requires_grad then y:register_hook(function(g) row.gradient = measure.std(g) end) end
      end)
    end
  end
end

--- Dropout off, batch norm with the batch's own statistics: what the weights do, without noise.
function M.calm(net)
  net:train()
  for _, m in ipairs(net:modules()) do
    if m:kind():find("Drop") then m.training = false end
  end
  return net
end

local function forward(seen, net, x, y, loss)
  local ok, out = pcall(function() return net(x) end)
  if not ok then
    seen.error = tostring(out)
    return
  end
  seen.output = out:detach()
  seen.graph = out
  if not y then
    if out.requires_grad then out:backward(core.randn(out:size()), {retain_graph = true}) end
    return
  end
  local fine, value = pcall(function() return loss(out, y) end)
  if not fine then
    seen.error = tostring(value)
    return
  end
  seen.loss, seen.graph = value:item(), value
  if value.requires_grad then value:backward(nil, {retain_graph = true}) end
end

-- The first operation of the graph whose inputs are finite and whose output is not.
local function first_bad(root, net)
  for _, node in ipairs(require("gradus.autograd").graph(root, {net = net, values = math.huge})) do
    if node.value and not M.is_finite(node.value) then
      return node.op == "leaf" and (node.name or "the input") or node.op
    end
  end
end

--- The first number that is not finite: {where, layer, op}; nil where all are.
local function trouble(seen, net)
  for name, p in net:named_parameters() do
    if not M.is_finite(p:detach()) then return {parameter = name} end
  end
  for _, row in ipairs(seen.rows) do
    if not row.finite then return {layer = row, op = first_bad(seen.graph, net)} end
  end
  if seen.loss and seen.loss - seen.loss ~= 0 then
    return {op = first_bad(seen.graph, net) or "the loss"}
  end
end

-- What classes the labels and the outputs speak of.
local function classes(seen, y)
  local out = seen.output
  if not out or not y or y:dim() ~= 1 or out:dim() ~= 2 or out:size(2) < 2 then return end
  local counts, entropy, n = labels_of(y, out:size(2)), 0, y:size(1)
  for c, k in ipairs(counts) do
    counts[c] = k / n
    if k > 0 then entropy = entropy - k / n * math.log(k / n) end
  end
  seen.shares, seen.entropy = counts, entropy
  seen.predicted = out:softmax(2):mean(1):totable()
end

--- look.net(net, x, y, loss) -> seen
--- rows: one a leaf and call, with mean, std, saturated, dead, gradient (its std), weights;
--- loss, output, shares (of the classes), entropy, predicted (mean probabilities), bad, error.
function M.net(net, x, y, loss)
  local copy, seen = net:clone(), {rows = {}, n = x:size(1)}
  copy:requires_grad_(true)
  M.calm(copy)
  watch(copy, seen.rows)
  require("gradus.autograd").enable_grad(forward, seen, copy, x:detach(), y, loss)
  if seen.output then
    seen.bad = trouble(seen, copy)
    if not seen.bad then classes(seen, y) end
  end
  seen.graph = nil
  for _, p in ipairs(copy:parameters()) do p.grad = nil end -- or it would pass for a forgotten parameter
  return seen
end

return M
