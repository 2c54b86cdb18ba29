-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")
local tensor = require("gradus.tensor")

local SELU = require("gradus.nn.Module").class("SELU")

--- nn.SELU() -> Module
--- An ELU whose two constants keep mean 0 and variance 1 in deep nets of linear layers that begin
--- with lecun_normal_; dropout for it is nn.AlphaDropout.
--- > nn.SELU()(tensor{0, 1})
--- tensor{0.0000, 1.0507}  -- float32 (2)
function SELU:init(...)
  arguments("nn.SELU", {"inplace"}, {inplace = false}, ...) -- no number depends on it
end

function SELU:forward(x)
  return tensor.selu(x)
end

return SELU
