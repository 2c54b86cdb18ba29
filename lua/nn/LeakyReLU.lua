-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")
local tensor = require("gradus.tensor")

local LeakyReLU = require("gradus.nn.Module").class("LeakyReLU")

--- nn.LeakyReLU(negative_slope: number = 0.01) -> Module
--- x above 0, negative_slope * x below: no unit can die.
--- > nn.LeakyReLU(0.1)(tensor{-1, 2})
--- tensor{-0.1000, 2.0000}  -- float32 (2)
function LeakyReLU:init(...)
  local o = arguments("nn.LeakyReLU", {"negative_slope", "inplace"},
    {negative_slope = 0.01, inplace = false}, ...)
  self.negative_slope = o.negative_slope
end

function LeakyReLU:forward(x)
  return tensor.leaky_relu(x, self.negative_slope)
end

function LeakyReLU:extra_repr()
  return ("negative_slope = %g"):format(self.negative_slope)
end

return LeakyReLU
