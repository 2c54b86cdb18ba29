-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")

local Flatten = require("gradus.nn.Module").class("Flatten")

--- nn.Flatten(start_dim: integer = 2, end_dim: integer = -1) -> Module
--- Makes one dimension of several: an image (N, channels, height, width) becomes a row (N, all).
--- > nn.Flatten()(tensor.zeros(5, 3, 4, 4)):size()
--- {5, 48}
function Flatten:init(...)
  local o = arguments("nn.Flatten", {"start_dim", "end_dim"}, {start_dim = 2, end_dim = -1}, ...)
  self.start_dim, self.end_dim = o.start_dim, o.end_dim
end

function Flatten:forward(x)
  local shape, flat = x:size(), {}
  local first = self.start_dim < 0 and self.start_dim + #shape + 1 or self.start_dim
  local last = self.end_dim < 0 and self.end_dim + #shape + 1 or self.end_dim
  for d = 1, first - 1 do flat[d] = shape[d] end
  flat[first] = 1
  for d = first, last do flat[first] = flat[first] * shape[d] end
  for d = last + 1, #shape do flat[#flat + 1] = shape[d] end
  return x:reshape(flat)
end

return Flatten
