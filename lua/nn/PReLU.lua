-- SPDX-License-Identifier: GPL-3.0-or-later
local init = require("gradus.nn.initialise")
local tensor = require("gradus.tensor")

local PReLU = require("gradus.nn.Module").class("PReLU")

--- nn.PReLU(num_parameters: integer = 1, init: number = 0.25) -> Module
--- A leaky ReLU that learns its slope: one for all, or one a channel (dimension 2).
--- > nn.PReLU()(tensor{-4, 2}):detach()
--- tensor{-1, 2}  -- float32 (2)
function PReLU:init(num_parameters, first)
  self.num_parameters = num_parameters or 1
  self.weight = init.filled({self.num_parameters}, first or 0.25)
end

function PReLU:forward(x)
  return tensor.prelu(x, self.weight)
end

function PReLU:extra_repr()
  return ("num_parameters = %d"):format(self.num_parameters)
end

return PReLU
