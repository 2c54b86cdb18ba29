-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")
local init = require("gradus.nn.initialise")
local tensor = require("gradus.tensor")

local GroupNorm = require("gradus.nn.Module").class("GroupNorm")

--- nn.GroupNorm(num_groups: integer, num_channels: integer, eps: number = 1e-5, affine: boolean = true) -> Module
--- Splits the channels (dimension 2) of each sample in groups and gives each group mean 0 and
--- variance 1 (Wu and He 2018). One group: layer norm; a group a channel: instance norm.
--- > nn.GroupNorm(2, 4)(tensor.randn(3, 4, 5, 5)):size()
--- {3, 4, 5, 5}
function GroupNorm:init(...)
  local o = arguments("nn.GroupNorm", {"num_groups", "num_channels", "eps", "affine"},
    {eps = 1e-5, affine = true}, ...)
  if o.num_channels % o.num_groups ~= 0 then
    error(("nn.GroupNorm: %d groups do not divide %d channels"):format(o.num_groups, o.num_channels), 3)
  end
  self.num_groups, self.num_channels, self.eps = o.num_groups, o.num_channels, o.eps
  self.weight = o.affine and init.filled({o.num_channels}, 1)
  self.bias = o.affine and init.filled({o.num_channels}, 0)
end

function GroupNorm:forward(x)
  return tensor.group_norm(x, self.weight or nil, self.bias or nil, self.num_groups, self.eps)
end

function GroupNorm:extra_repr()
  return ("%d groups, %d channels"):format(self.num_groups, self.num_channels)
end

return GroupNorm
