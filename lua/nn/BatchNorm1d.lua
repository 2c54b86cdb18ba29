-- SPDX-License-Identifier: GPL-3.0-or-later
local BatchNorm1d = require("gradus.nn.Module").class("BatchNorm1d", require("gradus.nn.norm"))
BatchNorm1d._ranks = {[2] = true, [3] = true}
BatchNorm1d._expected = "(N, %d) or (N, %d, length)"

--- nn.BatchNorm1d(num_features: integer, eps: number = 1e-5, momentum: number = 0.1, affine: boolean = true, track_running_stats: boolean = true) -> Module
--- Batch norm (Ioffe and Szegedy 2015) of (N, num_features), or of channels (N, num_features, length).
---
--- In training each feature gets mean 0 and variance 1 over the batch, then is multiplied by weight
--- (gamma, begins as 1) and shifted by bias (beta, 0). The running averages move by momentum towards
--- the batch's mean and unbiased variance; in evaluation they take the batch's place. momentum false
--- averages all batches alike. What follows num_features may be options: {momentum = 0.01}.
--- > bn = nn.BatchNorm1d(3)
--- > x = tensor.randn(1000, 3) * tensor{2, 5, 10} + tensor{-10, 25, 3}
--- > y = bn(x)
--- > y:mean(1):abs():lt(1e-4):sum():item()
--- 3.0
--- > bn:eval()
--- BatchNorm1d(3) (eval)
-- The work is done by nn/norm.lua.

return BatchNorm1d
