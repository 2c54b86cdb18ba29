-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")
local tensor = require("gradus.tensor")

local Hardtanh = require("gradus.nn.Module").class("Hardtanh")

--- nn.Hardtanh(min_val: number = -1, max_val: number = 1) -> Module
--- x held between min_val and max_val: tanh of three straight lines.
--- > nn.Hardtanh()(tensor{-3, 0.5})
--- tensor{-1.0000, 0.5000}  -- float32 (2)
function Hardtanh:init(...)
  local o = arguments("nn.Hardtanh", {"min_val", "max_val", "inplace"},
    {min_val = -1, max_val = 1, inplace = false}, ...)
  self.min_val, self.max_val = o.min_val, o.max_val
end

function Hardtanh:forward(x)
  return tensor.hardtanh(x, self.min_val, self.max_val)
end

function Hardtanh:extra_repr()
  return ("min_val = %g, max_val = %g"):format(self.min_val, self.max_val)
end

return Hardtanh
