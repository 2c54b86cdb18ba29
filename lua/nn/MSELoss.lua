-- SPDX-License-Identifier: GPL-3.0-or-later
local tensor = require("gradus.tensor")

local MSELoss = require("gradus.nn.Module").class("MSELoss", require("gradus.nn.loss"))

--- nn.MSELoss({reduction: string = "mean"}) -> Module
--- The mean of (x - target)^2. Reduction "sum" adds up, "none" gives each element's loss.
--- > nn.MSELoss()(tensor{1, 2}, tensor{1, 4}):item()
--- 2.0
function MSELoss:forward(x, target)
  return self:_look(x, tensor.mse_loss(x, target, self.reduction))
end

return MSELoss
