-- SPDX-License-Identifier: GPL-3.0-or-later
local StepLR = require("gradus.optim.lr_scheduler.Scheduler").class("StepLR",
  {"step_size", "gamma"}, {gamma = 0.1})

--- optim.lr_scheduler.StepLR(optimizer: Optimizer|number, step_size: integer, gamma: number = 0.1) -> Scheduler
--- Multiplies the rate by gamma every step_size steps: lr = base gamma^(t // step_size).
--- > s = optim.lr_scheduler.StepLR(1, 10, 0.5)
--- > s:lr_at(9), s:lr_at(10)
--- 1.0	0.5
function StepLR:factor(t)
  return self.gamma ^ (t // self.step_size)
end

return StepLR
