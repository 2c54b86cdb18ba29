-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")
local init = require("gradus.nn.initialise")
local tensor = require("gradus.tensor")

local PReLU = require("gradus.nn.Module").class("PReLU")

--- nn.PReLU(num_parameters: integer = 1, init: number = 0.25) -> Module
--- A leaky ReLU that learns its slope: one for all, or one a channel (dimension 2).
--- > nn.PReLU()(tensor{-4, 2}):detach()
--- tensor{-1, 2}  -- float32 (2)
function PReLU:init(...)
  local o = arguments("nn.PReLU", {"num_parameters", "init"}, {num_parameters = 1, init = 0.25}, ...)
  self.num_parameters = o.num_parameters
  self.weight = init.filled({o.num_parameters}, o.init)
end

function PReLU:forward(x)
  return tensor.prelu(x, self.weight)
end

function PReLU:extra_repr()
  return ("num_parameters = %d"):format(self.num_parameters)
end

return PReLU
