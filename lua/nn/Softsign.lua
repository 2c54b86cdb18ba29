-- SPDX-License-Identifier: GPL-3.0-or-later
local tensor = require("gradus.tensor")

local Softsign = require("gradus.nn.Module").class("Softsign")

--- nn.Softsign() -> Module
--- x / (1 + |x|): saturates more slowly than tanh.
--- > nn.Softsign()(tensor{1})
--- tensor{0.5000}  -- float32 (1)
function Softsign:forward(x)
  return tensor.softsign(x)
end

return Softsign
