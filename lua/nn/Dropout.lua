-- SPDX-License-Identifier: GPL-3.0-or-later
local tensor = require("gradus.tensor")

local Dropout = require("gradus.nn.Module").class("Dropout")
Dropout._has_modes = true

--- nn.Dropout(p: number = 0.5) -> Module
--- In training sets each element to 0 with probability p and divides the others by 1 - p, so that
--- the mean stays; in evaluation passes all on. p is the share dropped. `layer.p` may be changed at any
--- time: a schedule can anneal it.
--- > drop = nn.Dropout(0.75)
--- > y = drop(tensor.ones(1000))
--- > y:eq(0):sum():item() + y:eq(4):sum():item()
--- 1000.0
--- > drop:eval()(tensor{1, 2})
--- tensor{1, 2}  -- float32 (2)
function Dropout:init(p)
  if type(p) == "table" then p = require("gradus.options").read("nn.Dropout", p, {p = 0.5}).p end
  self.p = p or 0.5
  if type(self.p) ~= "number" or self.p < 0 or self.p > 1 then
    error(("nn.Dropout: p, the share dropped, is a number from 0 to 1; got %s"):format(
      tostring(p)), 3)
  end
end

function Dropout:forward(x)
  if not self.training then return x end
  self:_remark_on_mode()
  return tensor.dropout(x, self.p)
end

function Dropout:extra_repr()
  return ("p = %g"):format(self.p)
end

return Dropout
