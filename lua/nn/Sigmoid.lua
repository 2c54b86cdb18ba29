-- SPDX-License-Identifier: GPL-3.0-or-later
local tensor = require("gradus.tensor")

local Sigmoid = require("gradus.nn.Module").class("Sigmoid")

--- nn.Sigmoid() -> Module
--- 1 / (1 + exp(-x)), between 0 and 1. Its slope s (1 - s) is at most 1/4 and vanishes where it
--- saturates: gradients fade with depth.
--- > nn.Sigmoid()(tensor{0})
--- tensor{0.5000}  -- float32 (1)
function Sigmoid:forward(x)
  return tensor.sigmoid(x)
end

return Sigmoid
