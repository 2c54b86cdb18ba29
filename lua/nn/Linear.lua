-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")
local describe = require("gradus.nn.describe")
local init = require("gradus.nn.initialise")
local tensor = require("gradus.tensor")

local Linear = require("gradus.nn.Module").class("Linear")

--- nn.Linear(in_features: integer, out_features: integer, {bias: boolean = true}) -> Module
--- Multiplies by the weight and adds the bias: y = x W^T + b.
---
--- x is (*, in_features), y is (*, out_features), W is (out_features, in_features).
--- Both begin as U(-1/sqrt(in), 1/sqrt(in)), as in PyTorch: the variance of a weight is
--- 1 / (3 in), which shrinks ReLU nets with depth. nn.init has better beginnings.
--- > l = nn.Linear(3, 2)
--- > l.weight:size()
--- {2, 3}
--- > l(tensor.zeros(5, 3)):size()
--- {5, 2}
function Linear:init(...)
  local o = arguments("nn.Linear", {"in_features", "out_features", "bias"}, {bias = true}, ...)
  self.in_features = init.check_size("nn.Linear", "in_features", o.in_features)
  self.out_features = init.check_size("nn.Linear", "out_features", o.out_features)
  local bound = 1 / math.sqrt(math.max(1, self.in_features))
  self.weight = init.new({self.out_features, self.in_features}, -bound, bound)
  self.bias = o.bias and init.new({self.out_features}, -bound, bound)
end

function Linear:forward(x)
  return tensor.linear(x, self.weight, self.bias or nil)
end

function Linear:extra_repr()
  return ("%d -> %d%s"):format(self.in_features, self.out_features, self.bias and "" or ", no bias")
end

function Linear:complain(x)
  if x:size(-1) == self.in_features then return nil end
  local hint
  if x:numel() // math.max(1, x:size(1)) == self.in_features then
    hint = ". Hint: nn.Flatten() before it"
  elseif x:size(-1) == self.out_features then
    hint = ". Hint: nn.Linear(in, out): are the two the wrong way round?"
  else
    hint = (". Hint: nn.Linear(%d, %d) would fit"):format(x:size(-1), self.out_features)
  end
  return ("input is %s; expected (*, %d)%s"):format(describe.shape(x), self.in_features, hint)
end

return Linear
