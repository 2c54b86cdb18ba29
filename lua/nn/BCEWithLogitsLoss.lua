-- SPDX-License-Identifier: GPL-3.0-or-later
local tensor = require("gradus.tensor")

local BCEWithLogitsLoss = require("gradus.nn.Module").class("BCEWithLogitsLoss", require("gradus.nn.loss"))
BCEWithLogitsLoss._tensors = {"weight", "pos_weight"}
BCEWithLogitsLoss._spoilt_by = {sigmoid = true, softmax = true}

--- nn.BCEWithLogitsLoss({weight: tensor, pos_weight: tensor, reduction: string = "mean"}) -> Module
--- Binary cross-entropy of sigmoid(x), from the scores x without overflow; its gradient is
--- sigmoid(x) - t. pos_weight multiplies the part of targets 1, for rare positives.
--- > nn.BCEWithLogitsLoss()(tensor{0}, tensor{1}):item()
--- 0.6931471824646
function BCEWithLogitsLoss:forward(x, target)
  return self:_look(x, tensor.binary_cross_entropy_with_logits(x, target, self.weight or nil,
    self.pos_weight or nil, self.reduction), target)
end

return BCEWithLogitsLoss
