-- SPDX-License-Identifier: GPL-3.0-or-later
local LambdaLR = require("gradus.optim.lr_scheduler.Scheduler").class("LambdaLR",
  {"lr_lambda"}, {})

--- optim.lr_scheduler.LambdaLR(optimizer: Optimizer|number, lr_lambda: function(t)|table) -> Scheduler
--- lr = base * lr_lambda(t): any rule as a function of the step number from 0. A list has one
--- function for each of the optimiser's groups.
--- > s = optim.lr_scheduler.LambdaLR(1, function(t) return 1 / (1 + t) end)
--- > s:lr_at(1)
--- 0.5
function LambdaLR:init()
  local list, groups = self.lr_lambda, self.groups and #self.groups or 1
  if type(list) == "function" then return end
  if type(list) ~= "table" then
    error("optim.lr_scheduler.LambdaLR: expected a function of the step, or a list of them; got a "
      .. type(list), 4)
  elseif #list ~= groups then
    error(("optim.lr_scheduler.LambdaLR: expected a function for each group, %d; got %d"):format(
      groups, #list), 4)
  end
end

function LambdaLR:lr_at(t, base, group)
  local f = self.lr_lambda
  if type(f) == "table" then f = f[group or 1] end
  return (base or self.base_lrs[1]) * f(t)
end

return LambdaLR
