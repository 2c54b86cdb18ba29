-- SPDX-License-Identifier: GPL-3.0-or-later
-- Looking at a net without training it: eval mode, no graph, and the mode that
-- it was in comes back.

local core = require("gradus.core")
local Batches = require("gradus.data.batches")
local task = require("gradus.train.task")

local M = {}

-- Samples that go through a net at once.
local CHUNK = 1024

-- Runs f in eval mode without recording; the mode comes back, also after an
-- error or Ctrl-C. A plain function has no modes.
local function quietly(net, f)
  local is_net = type(net) == "table" and net.eval
  local training = is_net and net.training
  local _ <close> = setmetatable({}, {__close = function()
    if training then net:train() end
  end})
  if is_net then net:eval() end
  return require("gradus.autograd").no_grad(f)
end

--- train.predict(net: Module, x: tensor|Dataset) -> tensor
--- The net's outputs in eval mode, without a graph, chunk by chunk.
--- > train.predict(nn.Linear(2, 3), tensor.zeros(5, 2)):size()
--- {5, 3}
function M.predict(net, x)
  if not core.is_tensor(x) then x = x.x end
  return quietly(net, function()
    local parts = {}
    for at = 1, x:size(1), CHUNK do
      parts[#parts + 1] = net(x:narrow(1, at, math.min(CHUNK, x:size(1) - at + 1)))
    end
    if #parts == 0 then return net(x) end
    return #parts == 1 and parts[1] or core.cat(parts, 1)
  end)
end

local function check_loss(loss)
  local metatable = type(loss) == "table" and getmetatable(loss)
  if type(loss) == "function" or metatable and metatable.__call then return end
  error(("train.evaluate: the loss is a function of output and target, such as nn.MSELoss(); got %s. " ..
    "Hint: metrics.accuracy(set.y, train.predict(net, set.x))"):format(type(loss)), 3)
end

--- train.evaluate(net: Module, set: Dataset, loss: function?) -> number
--- The mean loss over a data set, in eval mode; without `loss`, cross-entropy for labels and the
--- squared error else.
--- > train.evaluate(nn.Linear(1, 1), {x = tensor.zeros(2, 1), y = tensor.zeros(2, 1)}, nn.MSELoss()) >= 0
--- true
function M.evaluate(net, set, loss)
  task.check("train.evaluate: set", set, 2)
  loss = loss or task.loss(set)
  check_loss(loss)
  return quietly(net, function()
    local total, n = 0.0, set.x:size(1)
    for x, y in Batches.batches(set, CHUNK, {shuffle = false}) do
      total = total + loss(net(x), y):item() * x:size(1)
    end
    return total / n
  end)
end

-- l1 sum |w| + l2 sum w^2 over the weights, biases left alone.
function M.penalty(net, l1, l2)
  local sum = 0
  for _, w in ipairs(net:parameters()) do
    if w:dim() > 1 then
      if l1 > 0 then sum = sum + w:abs():sum() * l1 end
      if l2 > 0 then sum = sum + w:square():sum() * l2 end
    end
  end
  return sum
end

-- The rate of the first parameter group.
function M.rate(opt)
  local group = opt.param_groups and opt.param_groups[1]
  return group and group.lr
end

-- Fills in valid_loss, and the metrics on the validation data.
function M.valid(net, o, row)
  row.valid_loss = M.evaluate(net, o.valid, o.loss)
end

function M.metrics(net, o, row)
  if #o.metrics == 0 then return end
  local function on(set, prefix)
    local output = M.predict(net, set.x)
    for _, metric in ipairs(o.metrics) do row[prefix .. metric[1]] = metric[2](set.y, output) end
  end
  on(o.set, "")
  if o.valid then on(o.valid, "valid_") end
end

return M
