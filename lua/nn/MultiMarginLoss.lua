-- SPDX-License-Identifier: GPL-3.0-or-later
local tensor = require("gradus.tensor")

local MultiMarginLoss = require("gradus.nn.Module").class("MultiMarginLoss", require("gradus.nn.loss"))
MultiMarginLoss._has_labels = true
MultiMarginLoss._defaults = {p = 1, margin = 1}
MultiMarginLoss._tensors = {"weight"}

--- nn.MultiMarginLoss({p: integer = 1, margin: number = 1, weight: tensor, reduction: string = "mean"}) -> Module
--- The hinge of several classes: the sum over the wrong classes c of max(0, margin - x[label] + x[c])^p,
--- divided by the number of classes.
--- > nn.MultiMarginLoss()(tensor{{1, 3}}, tensor{1}):item()
--- 1.5
function MultiMarginLoss:forward(x, target)
  return self:_look(x, tensor.multi_margin_loss(x, target, self.weight or nil, self.reduction, self.p,
    self.margin))
end

return MultiMarginLoss
