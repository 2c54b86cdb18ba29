-- SPDX-License-Identifier: GPL-3.0-or-later
local LinearLR = require("gradus.optim.lr_scheduler.Scheduler").class("LinearLR",
  {"start_factor", "end_factor", "total_iters"}, {start_factor = 1 / 3, end_factor = 1, total_iters = 5})

--- optim.lr_scheduler.LinearLR(optimizer: Optimizer|number, start_factor: number = 1/3, end_factor: number = 1, total_iters: integer = 5) -> Scheduler
--- A straight line from base * start_factor to base * end_factor in total_iters steps: a warm-up, or a
--- fade-out.
--- > s = optim.lr_scheduler.LinearLR(1, 0.5, 1, 4)
--- > s:lr_at(0), s:lr_at(2), s:lr_at(9)
--- 0.5	0.75	1.0
function LinearLR:factor(t)
  local part = math.min(t / self.total_iters, 1)
  return self.start_factor + (self.end_factor - self.start_factor) * part
end

return LinearLR
