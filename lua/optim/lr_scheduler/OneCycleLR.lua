-- SPDX-License-Identifier: GPL-3.0-or-later
local Scheduler = require("gradus.optim.lr_scheduler.Scheduler")
local OneCycleLR = Scheduler.class("OneCycleLR", {"max_lr", "total_steps", "epochs",
  "steps_per_epoch", "pct_start", "anneal_strategy", "cycle_momentum", "base_momentum", "max_momentum",
  "div_factor", "final_div_factor", "three_phase"}, {pct_start = 0.3,
  anneal_strategy = "cos", cycle_momentum = true, base_momentum = 0.85, max_momentum = 0.95,
  div_factor = 25, final_div_factor = 1e4, three_phase = false, epochs = false,
  steps_per_epoch = false, total_steps = false})

--- optim.lr_scheduler.OneCycleLR(optimizer: Optimizer|number, max_lr: number, total_steps: integer, {epochs: integer, steps_per_epoch: integer, pct_start: number = 0.3, anneal_strategy: string = "cos", cycle_momentum: boolean = true, base_momentum: number = 0.85, max_momentum: number = 0.95, div_factor: number = 25, final_div_factor: number = 1e4, three_phase: boolean = false}) -> Scheduler
--- One cycle (Smith 2018): from max_lr / div_factor up to max_lr in the first pct_start of the steps, then
--- down to a tiny rate; the momentum (or the first beta) does the opposite. Step it once a batch.
--- > s = optim.lr_scheduler.OneCycleLR(1, 1, 10, {anneal_strategy = "linear"})
--- > s:lr_at(0), s:lr_at(2)
--- 0.04	1.0
function OneCycleLR:init()
  self.total_steps = self.total_steps or self.epochs and self.epochs * self.steps_per_epoch
  if not self.total_steps then
    error("optim.lr_scheduler.OneCycleLR: total_steps is missing", 4)
  end
  local start, total = self.pct_start, self.total_steps
  local initial = self.max_lr / self.div_factor
  local least = initial / self.final_div_factor
  local low, high = self.base_momentum, self.max_momentum
  -- Each phase: its last step, rate from and to, momentum from and to.
  if self.three_phase then
    self.phases = {
      {start * total - 1, initial, self.max_lr, high, low},
      {2 * start * total - 2, self.max_lr, initial, low, high},
      {total - 1, initial, least, high, high},
    }
  else
    self.phases = {
      {start * total - 1, initial, self.max_lr, high, low},
      {total - 1, self.max_lr, least, low, high},
    }
  end
end

local function between(self, from, to, part)
  if self.anneal_strategy == "linear" then return from + (to - from) * part end
  return to + (from - to) / 2 * (1 + math.cos(math.pi * part))
end

function OneCycleLR:_at(t)
  if t > self.total_steps then
    error(("optim.lr_scheduler.OneCycleLR: step %d of %d"):format(t, self.total_steps), 0)
  end
  local from = 0
  for i, phase in ipairs(self.phases) do
    if t <= phase[1] or i == #self.phases then
      local part = (t - from) / (phase[1] - from)
      return between(self, phase[2], phase[3], part), between(self, phase[4], phase[5], part)
    end
    from = phase[1]
  end
end

function OneCycleLR:lr_at(t)
  return (self:_at(t))
end

function OneCycleLR:_apply()
  local lr, momentum = self:_at(self.last_epoch)
  for _, group in ipairs(self.groups or {}) do
    group.lr = lr
    if self.cycle_momentum and group.betas then
      group.betas = {momentum, group.betas[2]}
    elseif self.cycle_momentum and group.momentum then
      group.momentum = momentum
    end
  end
end

return OneCycleLR
