-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a data set asks of whoever trains on it: that it has samples, and which loss.

local core = require("gradus.core")
local strict = require("gradus.strict")

local M = {}

-- Whether y holds class labels: one whole number a sample, from 1.
local function is_labels(set)
  if set.classes then return true end
  local y = set.y
  if not y or y:dim() ~= 1 then return false end
  local d = y:detach()
  for _, v in ipairs(d:narrow(1, 1, math.min(d:numel(), 1000)):totable()) do
    if v < 1 or v ~= math.floor(v) then return false end
  end
  return true
end

--- task.loss(set: Dataset) -> Loss
--- Cross-entropy for labels, the squared error else.
function M.loss(set)
  local nn = require("gradus.nn")
  return is_labels(set) and nn.CrossEntropyLoss() or nn.MSELoss()
end

--- task.check(who: string, set: Dataset, level: integer)
--- Raises unless it is a data set with samples to learn from or to look at.
--- > pcall(require("gradus.train.task").check, "f", {x = tensor.zeros(0, 2)}, 0)
--- false	f: the data set is empty
function M.check(who, set, level)
  local fault
  if not core.is_tensor(strict.find(set, "x")) then
    fault = "expected a data set: a table with tensors x and y"
  elseif set.x:size(1) == 0 then
    fault = "the data set is empty"
  elseif set.y and set.y:size(1) ~= set.x:size(1) then
    fault = ("%d samples in x but %d in y"):format(set.x:size(1), set.y:size(1))
  end
  if fault then error(who .. ": " .. fault, level > 0 and level + 1 or 0) end
end

return M
