-- SPDX-License-Identifier: GPL-3.0-or-later
local LambdaLR = require("gradus.optim.lr_scheduler.Scheduler").class("LambdaLR",
  {"lr_lambda"}, {})

--- optim.lr_scheduler.LambdaLR(optimizer: Optimizer|number, lr_lambda: function(t)) -> Scheduler
--- lr = base * lr_lambda(t): any rule as a function of the step number from 0.
--- > s = optim.lr_scheduler.LambdaLR(1, function(t) return 1 / (1 + t) end)
--- > s:lr_at(1)
--- 0.5
function LambdaLR:lr_at(t, base)
  local f = self.lr_lambda
  return (base or self.base_lrs[1]) * f(t)
end

return LambdaLR
