-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")
local tensor = require("gradus.tensor")

local Softmax = require("gradus.nn.Module").class("Softmax")

--- nn.Softmax(dim: integer = -1) -> Module
--- exp(x) divided by its sum over a dimension: positive numbers that add up to 1.
--- nn.CrossEntropyLoss takes the scores before it and does this itself.
--- > nn.Softmax(1)(tensor{0, 0})
--- tensor{0.5000, 0.5000}  -- float32 (2)
function Softmax:init(...)
  self.dim = arguments("nn.Softmax", {"dim"}, {dim = -1}, ...).dim
end

function Softmax:forward(x)
  return tensor.softmax(x, self.dim)
end

function Softmax:extra_repr()
  return ("dim = %d"):format(self.dim)
end

return Softmax
