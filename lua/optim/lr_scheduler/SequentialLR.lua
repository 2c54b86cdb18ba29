-- SPDX-License-Identifier: GPL-3.0-or-later
local Scheduler = require("gradus.optim.lr_scheduler.Scheduler")
local SequentialLR = Scheduler.class("SequentialLR", {"schedulers", "milestones"}, {})

--- optim.lr_scheduler.SequentialLR(optimizer: Optimizer|number, schedulers: {Scheduler, ...}, milestones: {integer, ...}) -> Scheduler
--- One schedule after another: the second takes over at the first milestone, and counts from 0 there.
--- > up = optim.lr_scheduler.LinearLR(1, 0.5, 1, 2)
--- > down = optim.lr_scheduler.ExponentialLR(1, 0.5)
--- > s = optim.lr_scheduler.SequentialLR(1, {up, down}, {2})
--- > s:lr_at(0), s:lr_at(2), s:lr_at(3)
--- 0.5	1.0	0.5
function SequentialLR:init()
  if #self.milestones ~= #self.schedulers - 1 then
    error(("optim.lr_scheduler.SequentialLR: %d schedules need %d milestones; got %d"):format(
      #self.schedulers, #self.schedulers - 1, #self.milestones), 4)
  end
end

function SequentialLR:lr_at(t, base, group)
  local which, start = 1, 0
  for i, m in ipairs(self.milestones) do
    if t >= m then which, start = i + 1, m end
  end
  return self.schedulers[which]:lr_at(t - start, base or self.base_lrs[1], group)
end

return SequentialLR
