-- SPDX-License-Identifier: GPL-3.0-or-later
-- Early stopping: when the watched number has not got better by min_delta for
-- `patience` epochs, stop, and put the best weights back.

local options = require("gradus.options")
local weights = require("gradus.train.weights")

local Early = {__name = "EarlyStopping"}
Early.__index = Early

local M = {Early = Early}

--- train.EarlyStopping({patience: integer = 3, min_delta: number = 0, monitor: string = "valid_loss", mode: string?}) -> EarlyStopping
--- A stopping rule for train.fit or for one's own loop: rule:look(row, net) returns the reason to
--- stop, or nil. mode is "min" or "max"; by default "min" for losses and "max" for the rest.
--- > rule = train.EarlyStopping({patience = 1, monitor = "loss"})
--- > rule:look({epoch = 1, loss = 1}), rule:look({epoch = 2, loss = 2})
--- nil	loss has not improved for 1 epoch
function M.EarlyStopping(o)
  o = options.read("train.EarlyStopping", o, {patience = 3, min_delta = 0, restore = true},
    {"monitor", "mode"})
  local self = setmetatable(o, Early)
  self.monitor = self.monitor or "valid_loss"
  self.mode = self.mode or (self.monitor:find("loss") and "min" or "max")
  if self.mode ~= "min" and self.mode ~= "max" then
    error('train.EarlyStopping: mode is "min" or "max"; got ' .. tostring(self.mode), 2)
  end
  self.waited, self.best = 0, nil
  return self
end

-- From the option of train.fit: false, true, a table of options or a rule.
function M.new(given, has_valid)
  if not given then return nil end
  if getmetatable(given) == Early then return given end
  local o = {}
  for k, v in pairs(type(given) == "table" and given or {}) do o[k] = v end
  if not o.monitor and not has_valid then o.monitor = "loss" end
  return M.EarlyStopping(o)
end

function Early:look(row, net)
  local value = row[self.monitor]
  if value == nil then
    error(("EarlyStopping: the epoch has no '%s'. Hint: fields are %s"):format(self.monitor,
      table.concat(options.keys(row), ", ")), 2)
  end
  local sign = self.mode == "min" and 1 or -1
  if value ~= value then return self.monitor .. " is nan" end
  if self.best == nil or sign * (self.best - value) > self.min_delta then
    self.best, self.best_epoch, self.waited = value, row.epoch, 0
    if self.restore and net then self.weights = weights.copy(net) end
    return nil
  end
  self.waited = self.waited + 1
  if self.waited >= self.patience then
    return ("%s has not improved for %d epoch%s"):format(self.monitor, self.waited,
      self.waited == 1 and "" or "s")
  end
end

-- Puts the best weights back and tells the history which they were.
function Early:put_back(net, history)
  if not self.weights then return end
  history.best = self.best_epoch
  weights.put_back(net, self.weights)
end

return M
