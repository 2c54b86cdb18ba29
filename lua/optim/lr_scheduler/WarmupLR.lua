-- SPDX-License-Identifier: GPL-3.0-or-later
local WarmupLR = require("gradus.optim.lr_scheduler.Scheduler").class("WarmupLR",
  {"warmup", "start_factor"}, {warmup = 5, start_factor = 0, after = false})

--- optim.lr_scheduler.WarmupLR(optimizer: Optimizer|number, warmup: integer = 5, start_factor: number = 0, {after: Scheduler}) -> Scheduler
--- The rate grows in a straight line from base * start_factor to base in `warmup` steps, then stays, or
--- follows the schedule `after`, which counts from there.
--- > s = optim.lr_scheduler.WarmupLR(1, 4)
--- > s:lr_at(0), s:lr_at(1), s:lr_at(4)
--- 0.0	0.25	1
function WarmupLR:lr_at(t, base, group)
  base = base or self.base_lrs[1]
  if t < self.warmup then
    return base * (self.start_factor + (1 - self.start_factor) * t / self.warmup)
  end
  return self.after and self.after:lr_at(t - self.warmup, base, group) or base
end

return WarmupLR
