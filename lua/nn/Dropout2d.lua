-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")
local init = require("gradus.nn.initialise")
local tensor = require("gradus.tensor")

local Dropout2d = require("gradus.nn.Module").class("Dropout2d")
Dropout2d._has_modes = true

--- nn.Dropout2d(p: number = 0.5) -> Module
--- Dropout of whole channels of images (N, channels, height, width): neighbouring pixels are alike,
--- so that dropping single ones takes little away.
--- > y = nn.Dropout2d(0.5)(tensor.ones(4, 8, 3, 3))
--- > sums = y:sum({3, 4})
--- > sums:eq(0):sum():item() + sums:eq(18):sum():item()
--- 32.0
function Dropout2d:init(...)
  local o = arguments("nn.Dropout2d", {"p", "inplace"}, {p = 0.5, inplace = false}, ...)
  self.p = init.check_share("nn.Dropout2d", o.p)
end

function Dropout2d:forward(x)
  if not self.training then return x end
  self:_remark_on_mode()
  return tensor.dropout2d(x, self.p)
end

function Dropout2d:extra_repr()
  return ("p = %g"):format(self.p)
end

return Dropout2d
