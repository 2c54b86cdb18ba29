-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")
local tensor = require("gradus.tensor")

local SiLU = require("gradus.nn.Module").class("SiLU")

--- nn.SiLU() -> Module
--- x sigmoid(x), also called swish: a smooth ReLU that dips below 0.
--- > nn.SiLU()(tensor{0, 1})
--- tensor{0.0000, 0.7311}  -- float32 (2)
function SiLU:init(...)
  arguments("nn.SiLU", {"inplace"}, {inplace = false}, ...) -- no number depends on it
end

function SiLU:forward(x)
  return tensor.silu(x)
end

return SiLU
