-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")
local tensor = require("gradus.tensor")

local ELU = require("gradus.nn.Module").class("ELU")

--- nn.ELU(alpha: number = 1) -> Module
--- x above 0, alpha (exp(x) - 1) below: smooth, saturates at -alpha.
--- > nn.ELU()(tensor{0, 2})
--- tensor{0, 2}  -- float32 (2)
function ELU:init(...)
  self.alpha = arguments("nn.ELU", {"alpha", "inplace"}, {alpha = 1, inplace = false}, ...).alpha
end

function ELU:forward(x)
  return tensor.elu(x, self.alpha)
end

function ELU:extra_repr()
  return ("alpha = %g"):format(self.alpha)
end

return ELU
