-- SPDX-License-Identifier: GPL-3.0-or-later
local tensor = require("gradus.tensor")

local BCELoss = require("gradus.nn.Module").class("BCELoss", require("gradus.nn.loss"))
BCELoss._tensors = {"weight"}

--- nn.BCELoss({weight: tensor, reduction: string = "mean"}) -> Module
--- -(t log x + (1 - t) log(1 - x)) for probabilities x and targets 0 or 1; logarithms below -100 count
--- as -100. nn.BCEWithLogitsLoss takes scores and is safer.
--- > nn.BCELoss()(tensor{0.5}, tensor{1}):item()
--- 0.6931471824646
function BCELoss:forward(x, target)
  return self:_look(x, tensor.binary_cross_entropy(x, target, self.weight or nil, self.reduction))
end

return BCELoss
