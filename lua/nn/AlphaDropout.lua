-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")
local init = require("gradus.nn.initialise")
local tensor = require("gradus.tensor")

local AlphaDropout = require("gradus.nn.Module").class("AlphaDropout")
AlphaDropout._has_modes = true

--- nn.AlphaDropout(p: number = 0.5) -> Module
--- Dropout for SELU nets: dropped elements take the value at which SELU saturates, and mean 0 and
--- variance 1 are kept.
--- > nn.AlphaDropout():eval()(tensor{1, 2})
--- tensor{1, 2}  -- float32 (2)
function AlphaDropout:init(...)
  local o = arguments("nn.AlphaDropout", {"p", "inplace"}, {p = 0.5, inplace = false}, ...)
  self.p = init.check_share("nn.AlphaDropout", o.p)
end

function AlphaDropout:forward(x)
  if not self.training then return x end
  self:_remark_on_mode()
  return tensor.alpha_dropout(x, self.p)
end

function AlphaDropout:extra_repr()
  return ("p = %g"):format(self.p)
end

return AlphaDropout
