-- SPDX-License-Identifier: GPL-3.0-or-later
local tensor = require("gradus.tensor")

local KLDivLoss = require("gradus.nn.Module").class("KLDivLoss", require("gradus.nn.loss"))
KLDivLoss._defaults = {log_target = false}
KLDivLoss._reductions = {batchmean = true}

--- nn.KLDivLoss({reduction: string = "mean", log_target: boolean = false}) -> Module
--- target (log target - x), the Kullback-Leibler divergence where x holds logarithms of probabilities.
--- Its proper mean is reduction "batchmean": the sum divided by the size of the batch.
--- > nn.KLDivLoss({reduction = "batchmean"})(tensor{{0}}, tensor{{1}}):item()
--- 0.0
function KLDivLoss:forward(x, target)
  return self:_look(x, tensor.kl_div(x, target, self.reduction, self.log_target))
end

return KLDivLoss
