-- SPDX-License-Identifier: GPL-3.0-or-later
local tensor = require("gradus.tensor")

local SmoothL1Loss = require("gradus.nn.Module").class("SmoothL1Loss", require("gradus.nn.loss"))
SmoothL1Loss._defaults = {beta = 1}

--- nn.SmoothL1Loss({reduction: string = "mean", beta: number = 1}) -> Module
--- With d = x - target: d^2 / (2 beta) where |d| < beta, else |d| - beta / 2.
--- > nn.SmoothL1Loss()(tensor{1, 2}, tensor{1, 5}):item()
--- 1.25
function SmoothL1Loss:forward(x, target)
  return self:_look(x, tensor.smooth_l1_loss(x, target, self.reduction, self.beta))
end

return SmoothL1Loss
