-- SPDX-License-Identifier: GPL-3.0-or-later
local BatchNorm2d = require("gradus.nn.Module").class("BatchNorm2d", require("gradus.nn.norm"))
BatchNorm2d._ranks = {[4] = true}
BatchNorm2d._expected = "(N, %d, height, width)"

--- nn.BatchNorm2d(num_features: integer, eps: number = 1e-5, momentum: number = 0.1, affine: boolean = true, track_running_stats: boolean = true) -> Module
--- Batch norm (Ioffe and Szegedy 2015) of image channels (N, num_features, height, width).
---
--- In training each feature gets mean 0 and variance 1 over the batch, then is multiplied by weight
--- (gamma, begins as 1) and shifted by bias (beta, 0). The running averages move by momentum towards
--- the batch's mean and unbiased variance; in evaluation they take the batch's place. momentum false
--- averages all batches alike. What follows num_features may be options: {momentum = 0.01}.
--- > bn = nn.BatchNorm2d(64)
--- > bn(tensor.randn(2, 64, 4, 4)):size()
--- {2, 64, 4, 4}
-- The work is done by nn/norm.lua.

return BatchNorm2d
