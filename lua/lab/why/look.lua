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

-- Operations that a forward calls as functions, by the kind of layer that does the same.
local operations = {relu = "ReLU", leaky_relu = "LeakyReLU", tanh = "Tanh", sigmoid = "Sigmoid",
  gelu = "GELU", silu = "SiLU", elu = "ELU", selu = "SELU", softplus = "Softplus", mish = "Mish",
  softsign = "Softsign", hardtanh = "Hardtanh"}

--- Whether a module computes something else in training than in evaluation.
function M.has_modes(m)
  local kind = m:kind()
  return kind:find("^Drop") ~= nil or kind == "AlphaDropout" or rawget(m, "running_mean") ~= nil
end

M.is_finite = require("gradus.nn.nan").is_finite

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
    distinct = distinct(m), bias = rawget(m, "bias") and m.bias:detach():abs():mean():item() or 0}
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
        row.output = y -- itself: the graph keeps no contents of what nobody holds
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

local function same(a, b)
  local n, m = a:size(), b:size()
  if #n ~= #m then return false end
  for i = 1, #n do if n[i] ~= m[i] then return false end end
  return (a - b):eq(0):all()
end

-- The row of the layer whose output a value is.
local function row_of(rows, value, kind)
  for _, row in ipairs(rows) do
    if (not kind or row.kind == kind) and same(row.output:detach(), value) then return row end
  end
end

-- The row of the last layer before a node of the graph.
local function layer_before(nodes, node, rows)
  while node do
    local found = node.value and node.op ~= "leaf" and row_of(rows, node.value)
    if found then return found end
    local next_one
    for _, i in ipairs(node.inputs) do
      if nodes[i].op ~= "leaf" then next_one = nodes[i] end
    end
    node = next_one
  end
end

-- Activations that are no layers: rows of their own, beside those of layers.
local function functional(root, rows)
  local list = {}
  local nodes = require("gradus.autograd").graph(root, {values = math.huge})
  for _, node in ipairs(nodes) do
    local kind = operations[node.op]
    if kind and node.value and node.value:dim() >= 2 and not row_of(rows, node.value, kind) then
      local row, before = measure.output(kind, node.value), nil
      for _, i in ipairs(node.inputs) do before = before or layer_before(nodes, nodes[i], rows) end
      row.kind, row.op, row.before = kind, node.op, before
      row.units = node.value:numel() // node.value:size(1)
      list[#list + 1] = row
    end
  end
  return list
end

-- The first operation of the graph whose inputs are finite and whose output is not.
local function first_bad(root, net)
  for _, node in ipairs(require("gradus.autograd").graph(root, {net = net, values = math.huge})) do
    if node.value and not M.is_finite(node.value) then
      return node.op == "leaf" and (node.name or "the input") or node.op
    end
  end
end

-- Where what reaches the first layer is broken already: the operation that did it, for which the
-- net runs once more with a graph that begins at x.
local function before_layers(net, x, layer)
  local start = x:detach():clone():requires_grad_(true)
  local ok, op = pcall(function() return first_bad(net(start), net) end)
  return {layer = layer, before = true, op = ok and op ~= "the input" and op or nil}
end

--- The first number that is not finite: {layer, op, parameter, before, after}; nil where all are.
local function trouble(seen, net, x)
  for name, p in net:named_parameters() do
    if not M.is_finite(p:detach()) then return {parameter = name} end
  end
  for _, row in ipairs(seen.rows) do
    if not row.finite then
      local op = first_bad(seen.graph, net)
      if op == "the input" then return before_layers(net, x, row) end
      return {layer = row, op = op}
    end
  end
  if not M.is_finite(seen.output) then
    return {after = true, op = first_bad(seen.graph, net) or "the last"}
  end
  if seen.loss and seen.loss - seen.loss ~= 0 then
    return {op = first_bad(seen.graph, net) or "the loss"}
  end
end

-- Two classes as one number: the net's output is a score or a probability, which of them the value of
-- the loss tells.
local function two_classes(seen, y, all)
  local out, nn = seen.output, require("gradus.nn")
  if not (out and y and seen.loss) or not same(out:size() and out * 0, y * 0) then return end
  if y:numel() < 2 or y:numel() ~= y:size(1) or not (y * (1 - y)):eq(0):all() then return end
  local function is(f, p) return math.abs(f(p, y):item() - seen.loss) < 1e-4 * (1 + seen.loss) end
  local p
  if is(nn.binary_cross_entropy_with_logits, out) then
    p, seen.loss_kind = out:sigmoid(), "BCEWithLogitsLoss"
  elseif out:ge(0):all() and out:le(1):all() and is(nn.binary_cross_entropy, out) then
    p = out
  end
  if not p then return end
  local ones, mean = all:mean():item(), p:mean():item()
  seen.shares, seen.predicted, seen.entropy = {1 - ones, ones}, {1 - mean, mean}, 0
  for _, share in ipairs(seen.shares) do
    if share > 0 then seen.entropy = seen.entropy - share * math.log(share) end
  end
end

-- What classes the labels and the outputs speak of.
local function classes(seen, y, all)
  local out = seen.output
  if not out or not y or y:dim() ~= 1 or out:dim() ~= 2 or out:size(2) < 2 then return end
  local counts, entropy, n = labels_of(all, out:size(2)), 0, all:size(1)
  for c, k in ipairs(counts) do
    counts[c] = k / n
    if k > 0 then entropy = entropy - k / n * math.log(k / n) end
  end
  seen.shares, seen.entropy = counts, entropy
  seen.predicted = out:softmax(2):mean(1):totable()
end

--- look.net(net, x, y, loss, all) -> seen
--- `all` are the targets of the whole data set: a batch may lack a rare class.
--- rows: one a leaf and call, with mean, std, saturated, dead, gradient (its std), weights;
--- functional: rows of activations that forward calls as functions; loss, output, shares (of the classes), entropy, predicted (mean probabilities), bad, error.
function M.net(net, x, y, loss, all)
  local copy, seen = net:clone(), {rows = {}, n = x:size(1)}
  copy:requires_grad_(true)
  M.calm(copy)
  watch(copy, seen.rows)
  require("gradus.autograd").enable_grad(forward, seen, copy, x:detach(), y, loss)
  if seen.output then
    seen.bad = trouble(seen, copy, x)
    if not seen.bad then
      classes(seen, y, all or y)
      two_classes(seen, y, all or y)
      if seen.graph.requires_grad then seen.functional = functional(seen.graph, seen.rows) end
    end
  end
  seen.graph = nil
  for _, row in ipairs(seen.rows) do row.output = nil end
  for _, p in ipairs(copy:parameters()) do p.grad = nil end -- or it would pass for a forgotten parameter
  return seen
end

return M
