-- SPDX-License-Identifier: GPL-3.0-or-later
-- The base of all schedules: a rate for each step number, applied to an optimiser's groups or, without
-- one, asked for with lr_at.

local read_arguments = require("gradus.optim.lr_scheduler.arguments")

local M = {__name = "Scheduler"}
M.__index = M
require("gradus.strict").class(M, "schedulers", {"groups", "optimizer", "schedulers", "needs_metric"})

local function groups_of(optimizer)
  if type(optimizer) == "table" and optimizer.param_groups then return optimizer.param_groups end
  return nil
end

local function construct(class, optimizer, ...)
  local groups = groups_of(optimizer)
  if optimizer ~= nil and not groups and type(optimizer) ~= "number" then
    error(("optim.lr_scheduler.%s: expected an optimiser, or a rate to plot the schedule with; got %s")
      :format(class.__name, type(optimizer)), 3)
  end
  local self = setmetatable({optimizer = groups and optimizer or nil, groups = groups, base_lrs = {},
    last_epoch = 0}, class)
  for k, v in pairs(read_arguments(class, ...)) do self[k] = v end
  if groups then
    for i, group in ipairs(groups) do
      group.initial_lr = group.initial_lr or group.lr
      self.base_lrs[i] = group.initial_lr
    end
  else
    self.base_lrs[1] = type(optimizer) == "number" and optimizer or self.base_lr or 1
  end
  self:init()
  self:_apply()
  return self
end

--- Scheduler:init()
--- Called once when a schedule has been made.
function M:init() end

--- Scheduler:factor(t: integer) -> number
--- What the base rate is multiplied by at step t, counted from 0. A schedule of one's own needs only
--- this: optim.lr_scheduler.class("Half"), function Half:factor(t) return 0.5 ^ t end.
function M:factor() return 1 end

--- Scheduler:lr_at(t: integer, base: number?, group: integer = 1) -> number
--- The rate at step t without taking any: t = 0 is before the first step. For plots. `base` is
--- the rate to begin with, if not that of the optimiser's first group.
--- > s = optim.lr_scheduler.ExponentialLR(1, 0.5)
--- > s:lr_at(0), s:lr_at(3)
--- 1.0	0.125
function M:lr_at(t, base)
  return (base or self.base_lrs[1]) * self:factor(t)
end

-- Sets the rates of the groups to those of the present step.
function M:_apply()
  for i, group in ipairs(self.groups or {}) do
    group.lr = self:lr_at(self.last_epoch, self.base_lrs[i], i)
  end
end

--- Scheduler:step()
--- Goes on to the next step; called after the optimiser's step, once an epoch or a batch.
--- > opt = optim.SGD({tensor({1}, {requires_grad = true})}, {lr = 1})
--- > s = optim.lr_scheduler.ExponentialLR(opt, 0.5)
--- > s:step()
--- > opt.param_groups[1].lr
--- 0.5
function M:step()
  self.last_epoch = self.last_epoch + 1
  self:_apply()
end

--- Scheduler:get_last_lr() -> {number, ...}
--- The present rate of each group.
--- > optim.lr_scheduler.StepLR(0.1, 10):get_last_lr()[1]
--- 0.1
function M:get_last_lr()
  local out = {}
  for i, base in ipairs(self.base_lrs) do
    out[i] = self.groups and self.groups[i].lr or self:lr_at(self.last_epoch, base, i)
  end
  return out
end

local skipped = {optimizer = true, groups = true, schedulers = true, lr_lambda = true}

--- Scheduler:state_dict() -> table
--- Where the schedule is, as plain data; functions and the optimiser are left out.
--- > optim.lr_scheduler.StepLR(0.1, 10):state_dict().last_epoch
--- 0
function M:state_dict()
  local out = {}
  for k, v in pairs(self) do
    if not skipped[k] and type(v) ~= "function" then out[k] = v end
  end
  if self.schedulers then
    out._schedulers = {}
    for i, s in ipairs(self.schedulers) do out._schedulers[i] = s:state_dict() end
  end
  return out
end

--- Scheduler:load_state_dict(state: table)
--- Goes on where state_dict was taken.
--- > a, b = optim.lr_scheduler.StepLR(0.1, 10), optim.lr_scheduler.StepLR(0.1, 10)
--- > a:step()
--- > b:load_state_dict(a:state_dict())
--- > b.last_epoch
--- 1
function M:load_state_dict(state)
  for k, v in pairs(state) do
    if k ~= "_schedulers" then self[k] = v end
  end
  for i, s in ipairs(state._schedulers or {}) do self.schedulers[i]:load_state_dict(s) end
end

function M:__tostring()
  return ("%s at step %d: lr %.6g"):format(self.__name, self.last_epoch, self:get_last_lr()[1])
end

--- optim.lr_scheduler.class(name: string, arguments: {string, ...}, defaults: table) -> class
--- Makes a class of schedules: names of its arguments in order, and defaults of those that have one;
--- the others must be given.
--- > Root = optim.lr_scheduler.class("Root")
--- > function Root:factor(t) return 1 / math.sqrt(1 + t) end
--- > Root(0.1):lr_at(3)
--- 0.05
function M.class(name, arguments, defaults)
  local class = {__name = name, arguments = arguments or {}, defaults = defaults or {}}
  class.__index, class.__tostring = class, M.__tostring
  return setmetatable(class, {__index = M, __call = construct, __name = "scheduler class",
    __tostring = function() return ("optim.lr_scheduler.class(\"%s\")"):format(name) end})
end

return M
