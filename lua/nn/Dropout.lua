-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")
local init = require("gradus.nn.initialise")
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
function Dropout:init(...)
  local o = arguments("nn.Dropout", {"p", "inplace"}, {p = 0.5, inplace = false}, ...)
  self.p = init.check_share("nn.Dropout", o.p)
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
