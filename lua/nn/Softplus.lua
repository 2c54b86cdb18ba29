-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")
local tensor = require("gradus.tensor")

local Softplus = require("gradus.nn.Module").class("Softplus")

--- nn.Softplus(beta: number = 1, threshold: number = 20) -> Module
--- log(1 + exp(beta x)) / beta: a smooth ReLU; its slope is a sigmoid. Where beta x is above
--- threshold it counts as x.
--- > nn.Softplus()(tensor{0})
--- tensor{0.6931}  -- float32 (1)
function Softplus:init(...)
  local o = arguments("nn.Softplus", {"beta", "threshold"}, {beta = 1, threshold = 20}, ...)
  self.beta, self.threshold = o.beta, o.threshold
end

function Softplus:forward(x)
  return tensor.softplus(x, self.beta, self.threshold)
end

function Softplus:extra_repr()
  return ("beta = %g, threshold = %g"):format(self.beta, self.threshold)
end

return Softplus
