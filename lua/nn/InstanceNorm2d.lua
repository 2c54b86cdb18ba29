-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")
local init = require("gradus.nn.initialise")
local mark = require("gradus.nn.mark")
local tensor = require("gradus.tensor")

local InstanceNorm2d = require("gradus.nn.Module").class("InstanceNorm2d")

--- nn.InstanceNorm2d(num_features: integer, eps: number = 1e-5, momentum: number = 0.1, affine: boolean = false, track_running_stats: boolean = false) -> Module
--- Gives each channel of each image (N, channels, height, width) mean 0 and variance 1: contrast goes,
--- structure stays. As in PyTorch it has no weight and bias unless asked for.
---
--- With track_running_stats it keeps running averages, as batch norm does, and uses them in evaluation.
--- > nn.InstanceNorm2d(3)(tensor.randn(2, 3, 4, 4)):size()
--- {2, 3, 4, 4}
function InstanceNorm2d:init(...)
  local o = arguments("nn.InstanceNorm2d", {"num_features", "eps", "momentum", "affine",
    "track_running_stats"}, {eps = 1e-5, momentum = 0.1, affine = false, track_running_stats = false}, ...)
  local n = init.check_size("nn.InstanceNorm2d", "num_features", o.num_features)
  self.num_features, self.eps, self.momentum = n, o.eps, o.momentum
  self.weight = o.affine and init.filled({n}, 1)
  self.bias = o.affine and init.filled({n}, 0)
  self.running_mean = o.track_running_stats and mark.Buffer(tensor.zeros(n))
  self.running_var = o.track_running_stats and mark.Buffer(tensor.ones(n))
  self.num_batches_tracked = o.track_running_stats and mark.Buffer(tensor(0, {dtype = "float64"}))
end

-- n copies of a vector, one after the other.
local function copies(v, n)
  return v and v:unsqueeze(1):expand({n, v:size(1)}):reshape(-1)
end

-- The channels of all images are those of one wide image, to batch norm.
local function with_averages(self, x)
  local n, c = x:size(1), self.num_features
  local mean, var = copies(self.running_mean, n):clone(), copies(self.running_var, n):clone()
  local y = tensor.batch_norm(x:reshape(1, n * c, x:size(3), x:size(4)), mean, var,
    copies(self.weight, n) or nil, copies(self.bias, n) or nil, self.training, self.momentum, self.eps)
  if self.training then
    self.running_mean:copy_(mean:reshape(n, c):mean(1))
    self.running_var:copy_(var:reshape(n, c):mean(1))
  end
  return y:reshape(x:size())
end

function InstanceNorm2d:forward(x)
  if self.running_mean then return with_averages(self, x) end
  return tensor.instance_norm(x, self.weight or nil, self.bias or nil, self.eps)
end

function InstanceNorm2d:extra_repr()
  return ("%d"):format(self.num_features)
end

return InstanceNorm2d
