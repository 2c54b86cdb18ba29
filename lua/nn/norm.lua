-- SPDX-License-Identifier: GPL-3.0-or-later
-- What batch norm of one and of two dimensions share.
local arguments = require("gradus.nn.arguments")
local describe = require("gradus.nn.describe")
local init = require("gradus.nn.initialise")
local mark = require("gradus.nn.mark")
local tensor = require("gradus.tensor")

local BatchNorm = require("gradus.nn.Module").class("BatchNorm")
BatchNorm._has_modes = true

function BatchNorm:init(...)
  local who = "nn." .. self:kind()
  local o = arguments(who, {"num_features", "eps", "momentum", "affine", "track_running_stats"},
    {eps = 1e-5, momentum = 0.1, affine = true, track_running_stats = true}, ...)
  local num_features = init.check_size(who, "num_features", o.num_features)
  self.num_features, self.eps, self.momentum = num_features, o.eps, o.momentum
  self.weight = o.affine and init.filled({num_features}, 1)
  self.bias = o.affine and init.filled({num_features}, 0)
  -- One statement each: Lua assigns a list from its right end.
  self.running_mean = false
  self.running_var = false
  self.num_batches_tracked = false
  if o.track_running_stats then
    self.running_mean = mark.Buffer(tensor.zeros(num_features))
    self.running_var = mark.Buffer(tensor.ones(num_features))
    self.num_batches_tracked = mark.Buffer(tensor(0, {dtype = "float64"}))
  end
end

-- In training: y = weight (x - mean) / sqrt(var + eps) + bias with the batch's mean and variance, and
-- running = (1 - momentum) running + momentum batch. In evaluation: the same with the running ones.
function BatchNorm:forward(x)
  local training, momentum = self.training, self.momentum
  if not self._ranks[x:dim()] then error("other dimensions", 0) end -- complain() says which
  if training then
    self:_remark_on_mode()
    if self.num_batches_tracked then
      self.num_batches_tracked:add_(1)
      momentum = momentum or 1 / self.num_batches_tracked:item() -- a plain mean over all batches
    end
  end
  return tensor.batch_norm(x, self.running_mean or nil, self.running_var or nil,
    self.weight or nil, self.bias or nil, training or not self.running_mean, momentum or 0, self.eps)
end

function BatchNorm:extra_repr()
  return ("%d"):format(self.num_features)
end

function BatchNorm:complain(x)
  local n, got = self.num_features, describe.shape(x)
  if not self._ranks[x:dim()] then
    return ("input is %s; expected %s"):format(got, self._expected:format(n))
  elseif x:size(2) ~= n then
    return ("input is %s; expected %d channels in dimension 2"):format(got, n)
  elseif self.training and x:numel() == n then
    return ("input is %s: one value per channel has no variance. Hint: a larger batch, or net:eval()")
      :format(got)
  end
end

return BatchNorm
