-- SPDX-License-Identifier: GPL-3.0-or-later
local tensor = require("gradus.tensor")

local AlphaDropout = require("gradus.nn.Module").class("AlphaDropout")
AlphaDropout._has_modes = true

--- nn.AlphaDropout(p: number = 0.5) -> Module
--- Dropout for SELU nets: dropped elements take the value at which SELU saturates, and mean 0 and
--- variance 1 are kept.
--- > nn.AlphaDropout():eval()(tensor{1, 2})
--- tensor{1, 2}  -- float32 (2)
function AlphaDropout:init(p)
  if type(p) == "table" then p = require("gradus.options").read("nn.AlphaDropout", p, {p = 0.5}).p end
  self.p = p or 0.5
  if type(self.p) ~= "number" or self.p < 0 or self.p > 1 then
    error(("nn.AlphaDropout: p, the share dropped, is a number from 0 to 1; got %s"):format(
      tostring(p)), 3)
  end
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
