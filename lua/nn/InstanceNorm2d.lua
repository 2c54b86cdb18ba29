-- SPDX-License-Identifier: GPL-3.0-or-later
local init = require("gradus.nn.initialise")
local tensor = require("gradus.tensor")

local InstanceNorm2d = require("gradus.nn.Module").class("InstanceNorm2d")

--- nn.InstanceNorm2d(num_features: integer, eps: number = 1e-5, {affine: boolean = false}) -> Module
--- Gives each channel of each image (N, channels, height, width) mean 0 and variance 1: contrast goes,
--- structure stays. As in PyTorch it has no weight and bias unless asked for.
--- > nn.InstanceNorm2d(3)(tensor.randn(2, 3, 4, 4)):size()
--- {2, 3, 4, 4}
function InstanceNorm2d:init(num_features, eps, given)
  if type(eps) == "table" then eps, given = nil, eps end
  local o = require("gradus.options").read("nn.InstanceNorm2d", given, {affine = false, eps = 1e-5})
  self.num_features, self.eps = num_features, eps or o.eps
  self.weight = o.affine and init.filled({num_features}, 1)
  self.bias = o.affine and init.filled({num_features}, 0)
end

function InstanceNorm2d:forward(x)
  return tensor.instance_norm(x, self.weight or nil, self.bias or nil, self.eps)
end

function InstanceNorm2d:extra_repr()
  return ("%d"):format(self.num_features)
end

return InstanceNorm2d
