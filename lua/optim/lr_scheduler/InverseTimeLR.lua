-- SPDX-License-Identifier: GPL-3.0-or-later
local InverseTimeLR = require("gradus.optim.lr_scheduler.Scheduler").class("InverseTimeLR",
  {"gamma"}, {gamma = 0.1})

--- optim.lr_scheduler.InverseTimeLR(optimizer: Optimizer|number, gamma: number = 0.1) -> Scheduler
--- lr = base / (1 + gamma t): falls fast at first, then ever more slowly.
--- > s = optim.lr_scheduler.InverseTimeLR(1, 1)
--- > s:lr_at(3)
--- 0.25
function InverseTimeLR:factor(t)
  return 1 / (1 + self.gamma * t)
end

return InverseTimeLR
