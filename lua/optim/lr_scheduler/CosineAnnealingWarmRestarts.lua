-- SPDX-License-Identifier: GPL-3.0-or-later
local CosineAnnealingWarmRestarts = require("gradus.optim.lr_scheduler.Scheduler").class("CosineAnnealingWarmRestarts",
  {"T_0", "T_mult", "eta_min"}, {T_mult = 1, eta_min = 0})

--- optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer: Optimizer|number, T_0: integer, T_mult: integer = 1, eta_min: number = 0) -> Scheduler
--- Cosine waves that jump back to the full rate (Loshchilov and Hutter 2017): the first lasts T_0 steps,
--- each next one T_mult times as long.
--- > s = optim.lr_scheduler.CosineAnnealingWarmRestarts(1, 4, 2)
--- > s:lr_at(2), s:lr_at(4), s:lr_at(8)
--- 0.5	1.0	0.5
function CosineAnnealingWarmRestarts:lr_at(t, base)
  base = base or self.base_lrs[1]
  local length = self.T_0
  while t >= length do
    t, length = t - length, length * self.T_mult
  end
  return self.eta_min + (base - self.eta_min) * (1 + math.cos(math.pi * t / length)) / 2
end

return CosineAnnealingWarmRestarts
