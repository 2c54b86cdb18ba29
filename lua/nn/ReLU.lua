-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")
local tensor = require("gradus.tensor")

local ReLU = require("gradus.nn.Module").class("ReLU")

--- nn.ReLU() -> Module
--- max(0, x): passes what is positive. A unit that is negative for all data has no gradient: it is
--- dead. Initialise the layer before it with kaiming_normal_.
--- > nn.ReLU()(tensor{-1, 0, 2})
--- tensor{0, 0, 2}  -- float32 (3)
function ReLU:init(...)
  arguments("nn.ReLU", {"inplace"}, {inplace = false}, ...) -- no number depends on it
end

function ReLU:forward(x)
  return tensor.relu(x)
end

return ReLU
