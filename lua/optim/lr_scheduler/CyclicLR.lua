-- SPDX-License-Identifier: GPL-3.0-or-later
local Scheduler = require("gradus.optim.lr_scheduler.Scheduler")
local CyclicLR = Scheduler.class("CyclicLR", {"base_lr", "max_lr", "step_size_up", "step_size_down",
  "mode", "gamma", "scale_fn", "scale_mode", "cycle_momentum", "base_momentum", "max_momentum"},
  {step_size_up = 2000, step_size_down = false, mode = "triangular", gamma = 1, scale_fn = false,
    scale_mode = "cycle", cycle_momentum = true, base_momentum = 0.8, max_momentum = 0.9})

--- optim.lr_scheduler.CyclicLR(optimizer: Optimizer|number, base_lr: number, max_lr: number, step_size_up: integer = 2000, step_size_down: integer = step_size_up, mode: string = "triangular", gamma: number = 1, {scale_fn: function, scale_mode: string = "cycle", cycle_momentum: boolean = true, base_momentum: number = 0.8, max_momentum: number = 0.9}) -> Scheduler
--- The rate swings between base_lr and max_lr in straight lines (Smith 2017). mode "triangular2" halves
--- each next swing, "exp_range" multiplies it by gamma^t. The momentum swings the other way.
--- > s = optim.lr_scheduler.CyclicLR(1, 0.1, 1, 2)
--- > s:lr_at(0), s:lr_at(2), s:lr_at(4)
--- 0.1	1.0	0.1
function CyclicLR:init()
  self.total = self.step_size_up + (self.step_size_down or self.step_size_up)
  for i in ipairs(self.base_lrs) do self.base_lrs[i] = self.base_lr end
end

local scales = {
  triangular = function() return 1 end,
  triangular2 = function(_, cycle) return 1 / 2 ^ (cycle - 1) end,
  exp_range = function(self, _, t) return self.gamma ^ t end,
}

-- How far up the swing is at step t, and what the swing is multiplied by.
function CyclicLR:_swing(t)
  local cycle = math.floor(1 + t / self.total)
  local x = 1 + t / self.total - cycle
  local ratio = self.step_size_up / self.total
  local height = x <= ratio and x / ratio or (x - 1) / (ratio - 1)
  if self.scale_fn then
    local f = self.scale_fn
    return height, f(self.scale_mode == "cycle" and cycle or t)
  end
  local scale = scales[self.mode]
  if not scale then
    error(("CyclicLR: mode is triangular, triangular2 or exp_range; got '%s'"):format(self.mode), 0)
  end
  return height, scale(self, cycle, t)
end

function CyclicLR:lr_at(t)
  local height, scale = self:_swing(t)
  return self.base_lr + (self.max_lr - self.base_lr) * height * scale
end

function CyclicLR:_apply()
  local lr = self:lr_at(self.last_epoch)
  local height, scale = self:_swing(self.last_epoch)
  for _, group in ipairs(self.groups or {}) do
    group.lr = lr
    if self.cycle_momentum and group.momentum then
      group.momentum = self.max_momentum -
        (self.max_momentum - self.base_momentum) * height * scale
    end
  end
end

return CyclicLR
