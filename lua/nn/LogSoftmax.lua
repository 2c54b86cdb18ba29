-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")
local tensor = require("gradus.tensor")

local LogSoftmax = require("gradus.nn.Module").class("LogSoftmax")

--- nn.LogSoftmax(dim: integer = -1) -> Module
--- The logarithm of softmax, computed without overflow: what nn.NLLLoss takes.
--- > nn.LogSoftmax(1)(tensor{0, 0})
--- tensor{-0.6931, -0.6931}  -- float32 (2)
function LogSoftmax:init(...)
  self.dim = arguments("nn.LogSoftmax", {"dim"}, {dim = -1}, ...).dim
end

function LogSoftmax:forward(x)
  return tensor.log_softmax(x, self.dim)
end

function LogSoftmax:extra_repr()
  return ("dim = %d"):format(self.dim)
end

return LogSoftmax
