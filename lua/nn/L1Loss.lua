-- SPDX-License-Identifier: GPL-3.0-or-later
local tensor = require("gradus.tensor")

local L1Loss = require("gradus.nn.Module").class("L1Loss", require("gradus.nn.loss"))

--- nn.L1Loss({reduction: string = "mean"}) -> Module
--- The mean of |x - target|: a far outlier counts no more than its distance.
--- > nn.L1Loss()(tensor{1, 2}, tensor{1, 4}):item()
--- 1.0
function L1Loss:forward(x, target)
  return self:_look(x, tensor.l1_loss(x, target, self.reduction))
end

return L1Loss
