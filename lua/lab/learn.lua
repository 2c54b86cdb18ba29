-- SPDX-License-Identifier: GPL-3.0-or-later
-- Small nets on small data, for the experiments: data, nets, the training loop, what is measured.

local core = require("gradus.core")

local M = {}

local digits -- read once

--- learn.digits{train: integer?, test: integer?} -> train, test
--- Handwritten digits, 8 x 8, between 0 and 1, split at random: `test` of them (360) held out,
--- and `train` of the others (all).
function M.digits(o)
  local data = require("gradus.data")
  if not digits then
    digits = data.digits()
    digits.x = digits.x / 16
  end
  local order = core.randperm(digits.x:size(1)):totable()
  for i, v in ipairs(order) do order[i] = math.tointeger(v) end
  local held = o and o.test or 360
  local last = o and o.train and held + o.train or #order
  return data.subset(digits, table.move(order, held + 1, last, 1, {})),
    data.subset(digits, table.move(order, 1, held, 1, {}))
end

--- learn.mlp(sizes, make: function(width, depth) -> {Module, ...}) -> Sequential
--- Linear layers of these sizes; between them what `make` returns (ReLU if not given).
function M.mlp(sizes, make)
  local nn, layers = require("gradus.nn"), {}
  for l = 1, #sizes - 1 do
    layers[#layers + 1] = nn.Linear(sizes[l], sizes[l + 1])
    if l < #sizes - 1 then
      for _, layer in ipairs(make and make(sizes[l + 1], l) or {nn.ReLU()}) do
        layers[#layers + 1] = layer
      end
    end
  end
  return nn.Sequential(table.unpack(layers))
end

--- learn.fit(net, set, {steps, batch = 32, opt, loss = cross-entropy, each = function(step, loss)}) -> {loss, ...}
--- Mini-batches in a fresh order each epoch. Where the loss is no number training ends, and the
--- list is filled with nan. opt is an optimiser.
function M.fit(net, set, o)
  local data, loss_of = require("gradus.data"), o.loss or require("gradus.nn").cross_entropy
  local losses, change = {}, o.change
  net:train()
  while #losses < o.steps do
    for x, y in data.batches(set, o.batch or 32) do
      local loss = loss_of(net(change and change(x) or x), y)
      o.opt:zero_grad()
      loss:backward()
      o.opt:step()
      losses[#losses + 1] = loss:item()
      if o.each then o.each(#losses, losses[#losses]) end
      if losses[#losses] ~= losses[#losses] then
        for step = #losses + 1, o.steps do losses[step] = 0 / 0 end
      end
      if #losses >= o.steps then break end
    end
  end
  return losses
end

--- learn.accuracy(net, set) -> number
--- The share of right answers in eval mode; 0 where the net's outputs are no numbers.
function M.accuracy(net, set)
  local y = require("gradus.train").predict(net, set.x)
  if y:sum():item() ~= y:sum():item() then return 0 end
  return y:argmax(2):eq(set.y):sum():item() / set.x:size(1)
end

--- learn.loss(net, set, loss = cross-entropy) -> number
--- The mean loss in eval mode.
function M.loss(net, set, loss)
  return require("gradus.train").evaluate(net, set, loss or require("gradus.nn").cross_entropy)
end

--- The mean of the last n numbers of a list.
function M.tail(list, n)
  local sum = 0
  n = math.min(n, #list)
  for i = #list - n + 1, #list do sum = sum + list[i] end
  return sum / n
end

return M
