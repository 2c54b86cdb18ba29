-- SPDX-License-Identifier: GPL-3.0-or-later
local tensor = require("gradus.tensor")

local CrossEntropyLoss = require("gradus.nn.Module").class("CrossEntropyLoss", require("gradus.nn.loss"))
CrossEntropyLoss._has_labels = true
CrossEntropyLoss._defaults = {label_smoothing = 0, ignore_index = -100}
CrossEntropyLoss._tensors = {"weight"}
CrossEntropyLoss._spoilt_by = {softmax = true, sigmoid = true}

--- nn.CrossEntropyLoss({weight: tensor, reduction: string = "mean", label_smoothing: number = 0, ignore_index: integer = -100}) -> Module
--- -log softmax(x)[label] for scores x (N, C) and labels 1..C (N). The softmax is inside: give it the
--- scores, not probabilities. Its gradient by the scores is softmax(x) - y with y the one-hot label.
--- A label may also be a row of C probabilities. weight has an entry a class; the mean then divides by the
--- sum of the targets' weights.
--- > nn.CrossEntropyLoss()(tensor{{0, 0}}, tensor{2}):item()
--- 0.6931471824646
function CrossEntropyLoss:forward(x, target)
  return self:_look(x, tensor.cross_entropy(x, target, self.weight or nil, self.reduction,
    self.label_smoothing, self.ignore_index))
end

return CrossEntropyLoss
