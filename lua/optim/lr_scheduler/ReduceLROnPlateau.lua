-- SPDX-License-Identifier: GPL-3.0-or-later
local Scheduler = require("gradus.optim.lr_scheduler.Scheduler")
local ReduceLROnPlateau = Scheduler.class("ReduceLROnPlateau", {"mode", "factor", "patience",
  "threshold", "threshold_mode", "cooldown", "min_lr", "eps"}, {
  mode = "min", factor = 0.1, patience = 10, threshold = 1e-4, threshold_mode = "rel", cooldown = 0,
  min_lr = 0, eps = 1e-8})
ReduceLROnPlateau.needs_metric = true -- train.fit hands it the watched loss

--- optim.lr_scheduler.ReduceLROnPlateau(optimizer: Optimizer|number, mode: string = "min", factor: number = 0.1, patience: integer = 10, {threshold: number = 1e-4, threshold_mode: string = "rel", cooldown: integer = 0, min_lr: number = 0, eps: number = 1e-8}) -> Scheduler
--- Multiplies the rate by factor when a measure, handed to step(value), has not got better for more
--- than `patience` steps. mode "max" is for measures like accuracy.
--- > s = optim.lr_scheduler.ReduceLROnPlateau(1, {patience = 1, factor = 0.5})
--- > for _, loss in ipairs {3, 2, 2, 2} do s:step(loss) end
--- > s:get_last_lr()[1]
--- 0.5
function ReduceLROnPlateau:init()
  self.best = self.mode == "min" and math.huge or -math.huge
  self.num_bad_epochs, self.cooldown_counter = 0, 0
  self.rates = {table.unpack(self.base_lrs)}
end

function ReduceLROnPlateau:_is_better(value)
  local limit = self.threshold
  if self.threshold_mode == "rel" then limit = limit * math.abs(self.best) end
  if self.best == math.huge then return value < self.best end
  if self.best == -math.huge then return value > self.best end
  if self.mode == "min" then return value < self.best - limit end
  return value > self.best + limit
end

function ReduceLROnPlateau:_reduce()
  for i, old in ipairs(self:get_last_lr()) do
    local new = math.max(old * self.factor, self.min_lr)
    if old - new > self.eps then
      self.rates[i] = new
      if self.groups then self.groups[i].lr = new end
    end
  end
end

function ReduceLROnPlateau:step(value)
  if type(value) ~= "number" then value = value and value:item() end
  if not value then
    error("ReduceLROnPlateau: step needs the measure, as in scheduler:step(valid_loss)", 2)
  end
  self.last_epoch = self.last_epoch + 1
  if self:_is_better(value) then
    self.best, self.num_bad_epochs = value, 0
  else
    self.num_bad_epochs = self.num_bad_epochs + 1
  end
  if self.cooldown_counter > 0 then
    self.cooldown_counter, self.num_bad_epochs = self.cooldown_counter - 1, 0
  end
  if self.num_bad_epochs > self.patience then
    self:_reduce()
    self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0
  end
end

-- It depends on what it is shown, so the rate of another step is not known.
function ReduceLROnPlateau:lr_at() return self:get_last_lr()[1] end

function ReduceLROnPlateau:get_last_lr()
  local out = {}
  for i, rate in ipairs(self.rates) do out[i] = self.groups and self.groups[i].lr or rate end
  return out
end

function ReduceLROnPlateau:_apply() end

return ReduceLROnPlateau
