-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")
local tensor = require("gradus.tensor")

local Mish = require("gradus.nn.Module").class("Mish")

--- nn.Mish() -> Module
--- x tanh(softplus(x)): much like SiLU.
--- > nn.Mish()(tensor{0, 1})
--- tensor{0.0000, 0.8651}  -- float32 (2)
function Mish:init(...)
  arguments("nn.Mish", {"inplace"}, {inplace = false}, ...) -- no number depends on it
end

function Mish:forward(x)
  return tensor.mish(x)
end

return Mish
