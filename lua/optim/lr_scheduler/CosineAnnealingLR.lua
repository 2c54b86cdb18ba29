-- SPDX-License-Identifier: GPL-3.0-or-later
local CosineAnnealingLR = require("gradus.optim.lr_scheduler.Scheduler").class("CosineAnnealingLR",
  {"T_max", "eta_min"}, {eta_min = 0})

--- optim.lr_scheduler.CosineAnnealingLR(optimizer: Optimizer|number, T_max: integer, eta_min: number = 0) -> Scheduler
--- Half a cosine wave from base down to eta_min in T_max steps, then up again:
--- lr = eta_min + (base - eta_min) (1 + cos(pi t / T_max)) / 2.
--- > s = optim.lr_scheduler.CosineAnnealingLR(1, 10)
--- > s:lr_at(0), s:lr_at(5), s:lr_at(10)
--- 1.0	0.5	0.0
function CosineAnnealingLR:lr_at(t, base)
  base = base or self.base_lrs[1]
  return self.eta_min + (base - self.eta_min) * (1 + math.cos(math.pi * t / self.T_max)) / 2
end

return CosineAnnealingLR
