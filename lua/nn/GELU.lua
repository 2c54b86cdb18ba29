-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")
local tensor = require("gradus.tensor")

local GELU = require("gradus.nn.Module").class("GELU")

--- nn.GELU({approximate: string = "none"}) -> Module
--- x times the normal distribution's share below x; approximate "tanh" is a faster formula.
--- > nn.GELU()(tensor{0, 1})
--- tensor{0.0000, 0.8413}  -- float32 (2)
function GELU:init(...)
  self.approximate = arguments("nn.GELU", {"approximate"}, {approximate = "none"}, ...).approximate
end

function GELU:forward(x)
  return tensor.gelu(x, self.approximate)
end

return GELU
