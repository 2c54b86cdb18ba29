-- SPDX-License-Identifier: GPL-3.0-or-later
local MultiStepLR = require("gradus.optim.lr_scheduler.Scheduler").class("MultiStepLR",
  {"milestones", "gamma"}, {gamma = 0.1})

--- optim.lr_scheduler.MultiStepLR(optimizer: Optimizer|number, milestones: {integer, ...}, gamma: number = 0.1) -> Scheduler
--- Multiplies the rate by gamma at each of the milestones.
--- > s = optim.lr_scheduler.MultiStepLR(1, {2, 4}, 0.5)
--- > s:lr_at(1), s:lr_at(2), s:lr_at(4)
--- 1.0	0.5	0.25
function MultiStepLR:factor(t)
  local passed = 0
  for _, m in ipairs(self.milestones) do
    if t >= m then passed = passed + 1 end
  end
  return self.gamma ^ passed
end

return MultiStepLR
