-- SPDX-License-Identifier: GPL-3.0-or-later
local ConstantLR = require("gradus.optim.lr_scheduler.Scheduler").class("ConstantLR",
  {"factor", "total_iters"}, {factor = 1 / 3, total_iters = 5})

--- optim.lr_scheduler.ConstantLR(optimizer: Optimizer|number, factor: number = 1/3, total_iters: integer = 5) -> Scheduler
--- base * factor for total_iters steps, then base: a warm-up in one stair.
--- > s = optim.lr_scheduler.ConstantLR(1, 0.5, 2)
--- > s:lr_at(1), s:lr_at(2)
--- 0.5	1
function ConstantLR:lr_at(t, base)
  base = base or self.base_lrs[1]
  return t < self.total_iters and base * self.factor or base
end

return ConstantLR
