-- SPDX-License-Identifier: GPL-3.0-or-later
local PolynomialLR = require("gradus.optim.lr_scheduler.Scheduler").class("PolynomialLR",
  {"total_iters", "power"}, {total_iters = 5, power = 1})

--- optim.lr_scheduler.PolynomialLR(optimizer: Optimizer|number, total_iters: integer = 5, power: number = 1) -> Scheduler
--- lr = base (1 - t / total_iters)^power, then 0.
--- > s = optim.lr_scheduler.PolynomialLR(1, 4, 2)
--- > s:lr_at(2), s:lr_at(9)
--- 0.25	0.0
function PolynomialLR:factor(t)
  return (1 - math.min(t, self.total_iters) / self.total_iters) ^ self.power
end

return PolynomialLR
