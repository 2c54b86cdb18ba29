-- SPDX-License-Identifier: GPL-3.0-or-later
local tensor = require("gradus.tensor")

local NLLLoss = require("gradus.nn.Module").class("NLLLoss", require("gradus.nn.loss"))
NLLLoss._has_labels = true
NLLLoss._defaults = {ignore_index = -100}
NLLLoss._tensors = {"weight"}
NLLLoss._never_negative = true
NLLLoss._spoilt_by = {softmax = true}

--- nn.NLLLoss({weight: tensor, reduction: string = "mean", ignore_index: integer = -100}) -> Module
--- -x[label] for logarithms of probabilities x (N, C), as nn.LogSoftmax gives them, and labels 1..C.
--- > nn.NLLLoss()(tensor{{-1, -2}}, tensor{2}):item()
--- 2.0
function NLLLoss:forward(x, target)
  return self:_look(x, tensor.nll_loss(x, target, self.weight or nil, self.reduction,
    self.ignore_index))
end

return NLLLoss
