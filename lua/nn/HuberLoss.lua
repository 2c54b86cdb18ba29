-- SPDX-License-Identifier: GPL-3.0-or-later
local tensor = require("gradus.tensor")

local HuberLoss = require("gradus.nn.Module").class("HuberLoss", require("gradus.nn.loss"))
HuberLoss._defaults = {delta = 1}

--- nn.HuberLoss({reduction: string = "mean", delta: number = 1}) -> Module
--- With d = x - target: d^2 / 2 where |d| < delta, else delta (|d| - delta / 2): a parabola that goes
--- on as a line, so that outliers pull with a bounded force.
--- > nn.HuberLoss()(tensor{1, 2}, tensor{1, 5}):item()
--- 1.25
function HuberLoss:forward(x, target)
  return self:_look(x, tensor.huber_loss(x, target, self.reduction, self.delta))
end

return HuberLoss
