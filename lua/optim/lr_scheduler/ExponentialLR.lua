-- SPDX-License-Identifier: GPL-3.0-or-later
local ExponentialLR = require("gradus.optim.lr_scheduler.Scheduler").class("ExponentialLR",
  {"gamma"}, {})

--- optim.lr_scheduler.ExponentialLR(optimizer: Optimizer|number, gamma: number) -> Scheduler
--- lr = base gamma^t.
--- > s = optim.lr_scheduler.ExponentialLR(1, 0.5)
--- > s:lr_at(2)
--- 0.25
function ExponentialLR:factor(t)
  return self.gamma ^ t
end

return ExponentialLR
