-- SPDX-License-Identifier: GPL-3.0-or-later
-- The learning-rate finder (Smith): raise the rate a little after each batch,
-- from far too low to far too high, and look where the loss falls fastest.

local core = require("gradus.core")
local options = require("gradus.options")
local task = require("gradus.train.task")
local Batches = require("gradus.data.batches")
local weights = require("gradus.train.weights")

local M = {}

-- The moving average that is looked at, with its bias corrected:
-- m = beta m + (1 - beta) loss, m / (1 - beta^t).
local function smoother(beta)
  local m, t = 0.0, 0
  return function(loss)
    t = t + 1
    m = beta * m + (1 - beta) * loss
    return m / (1 - beta ^ t)
  end
end

local function forever(batches)
  local pass = batches:pass()
  return function()
    local x, y = pass()
    if not x then
      pass = batches:pass()
      x, y = pass()
    end
    return x, y
  end
end

-- The rate at the steepest fall of the smoothed loss against log(rate), before its lowest point: what
-- falls behind that comes back from having diverged.
local function steepest(result)
  local best, at, lowest = 0, nil, 1
  for i = 2, #result.lr do
    if result.loss[i] < result.loss[lowest] then lowest = i end
  end
  for i = 2, math.min(lowest, #result.lr - 1) do
    local slope = (result.loss[i + 1] - result.loss[i - 1]) /
      math.log(result.lr[i + 1] / result.lr[i - 1])
    if slope < best then best, at = slope, i end
  end
  return at and result.lr[at]
end

--- train.find_lr(net: Module, {data: Dataset, loss: function?, optimizer: function?, low: number = 1e-8, high: number = 1, steps: integer = 100, batch: integer = 32, smooth: number = 0.9, diverge: number = 4}) -> table
--- Tries rates from low to high on a growing scale, one batch each, and stops when the smoothed
--- loss is `diverge` times the best. Returns {lr, loss, raw, suggestion}: the suggestion is the
--- rate where the loss falls most steeply. The net's weights and the generator come back.
--- `optimizer` is a class like optim.SGD (the default).
--- > net = nn.Linear(1, 1);
--- > set = {x = tensor{{0}, {1}}, y = tensor{{1}, {3}}};
--- > #train.find_lr(net, {data = set, low = 1e-4, high = 1, steps = 20}).lr
--- 20
function M.find_lr(net, o)
  o = options.read("train.find_lr", o, {low = 1e-8, high = 1, steps = 100, batch = 32,
    smooth = 0.9, diverge = 4}, {"data", "loss", "optimizer"})
  if not o.data then error("train.find_lr: no data. Hint: train.find_lr(net, {data = set})", 2) end
  task.check("train.find_lr: data", o.data, 2)
  if o.low <= 0 or o.high <= o.low then
    error("train.find_lr: expected 0 < low < high", 2)
  end
  local optim = require("gradus.optim")
  local loss_of = o.loss or task.loss(o.data)
  local opt = (o.optimizer or optim.SGD)(net:parameters(), {lr = o.low})
  local kept, state, training = weights.copy(net), core.random_state(), net.training
  local _ <close> = setmetatable({}, {__close = function()
    weights.put_back(net, kept)
    core.random_state(state)
    for _, p in ipairs(net:parameters()) do p.grad = nil end
    if not training then net:eval() end
  end})
  net:train()
  local next_batch, average = forever(Batches.batches(o.data, o.batch)), smoother(o.smooth)
  local result, best = {lr = {}, loss = {}, raw = {}}, math.huge
  for i = 1, o.steps do
    local rate = o.low * (o.high / o.low) ^ ((i - 1) / math.max(o.steps - 1, 1))
    for _, group in ipairs(opt.param_groups) do group.lr = rate end
    local x, y = next_batch()
    local loss = loss_of(net(x), y)
    local value = loss:item()
    local smooth = average(value)
    if value ~= value or smooth > o.diverge * best then
      result.diverged = rate
      break
    end
    best = math.min(best, smooth)
    result.lr[i], result.loss[i], result.raw[i] = rate, smooth, value
    opt:zero_grad()
    loss:backward()
    opt:step()
  end
  result.suggestion = steepest(result)
  return setmetatable(result, M._result)
end

M._result = {__name = "RateSearch"}

function M._result.__tostring(r)
  return ("learning rates %.1e to %.1e, %d tried%s; suggestion %s"):format(r.lr[1] or 0,
    r.lr[#r.lr] or 0, #r.lr, r.diverged and (", diverged at %.1e"):format(r.diverged) or "",
    r.suggestion and ("%.2g"):format(r.suggestion) or "none: the loss never fell")
end

return M
