-- SPDX-License-Identifier: GPL-3.0-or-later
local tensor = require("gradus.tensor")

local Tanh = require("gradus.nn.Module").class("Tanh")

--- nn.Tanh() -> Module
--- The hyperbolic tangent, between -1 and 1 and centred on 0. Initialise the layer before it with
--- xavier_normal_.
--- > nn.Tanh()(tensor{0, 1})
--- tensor{0.0000, 0.7616}  -- float32 (2)
function Tanh:forward(x)
  return tensor.tanh(x)
end

return Tanh
