-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")
local describe = require("gradus.nn.describe")
local init = require("gradus.nn.initialise")
local tensor = require("gradus.tensor")

local Conv2d = require("gradus.nn.Module").class("Conv2d")

local function pair(v)
  if type(v) == "table" then return {v[1], v[2] or v[1]} end
  return {v, v}
end

--- nn.Conv2d(in_channels: integer, out_channels: integer, kernel_size: integer|{integer, integer}, stride = 1, padding = 0, dilation = 1, groups = 1, bias: boolean = true) -> Module
--- Slides out_channels small filters over images (N, in_channels, height, width). What follows
--- kernel_size may be options: {stride = 2, padding = 1}.
---
--- The output has (height + 2 padding - dilation (kernel - 1) - 1) // stride + 1 rows. The weight is
--- (out, in / groups, kh, kw); weight and bias begin as U(-1/sqrt(fan_in), 1/sqrt(fan_in)).
--- > conv = nn.Conv2d(1, 6, 5, {padding = 2})
--- > conv(tensor.zeros(2, 1, 28, 28)):size()
--- {2, 6, 28, 28}
function Conv2d:init(...)
  local o = arguments("nn.Conv2d", {"in_channels", "out_channels", "kernel_size", "stride", "padding",
    "dilation", "groups", "bias"}, {stride = 1, padding = 0, dilation = 1, groups = 1, bias = true}, ...)
  local inputs = init.check_size("nn.Conv2d", "in_channels", o.in_channels)
  local outputs = init.check_size("nn.Conv2d", "out_channels", o.out_channels)
  if inputs % o.groups ~= 0 or outputs % o.groups ~= 0 then
    error(("nn.Conv2d: %d groups do not divide %d channels in and %d out"):format(o.groups, inputs,
      outputs), 3)
  end
  self.in_channels, self.out_channels, self.groups = inputs, outputs, o.groups
  self.kernel_size, self.stride = pair(o.kernel_size), pair(o.stride)
  self.padding, self.dilation = pair(o.padding), pair(o.dilation)
  local kh, kw = self.kernel_size[1], self.kernel_size[2]
  local bound = 1 / math.sqrt(math.max(1, inputs // o.groups * kh * kw))
  self.weight = init.new({outputs, inputs // o.groups, kh, kw}, -bound, bound)
  self.bias = o.bias and init.new({outputs}, -bound, bound)
end

function Conv2d:forward(x)
  return tensor.conv2d(x, self.weight, self.bias or nil, self.stride, self.padding, self.dilation,
    self.groups)
end

function Conv2d:extra_repr()
  return ("%d -> %d, kernel %dx%d, stride %d, padding %d"):format(self.in_channels,
    self.out_channels, self.kernel_size[1], self.kernel_size[2], self.stride[1], self.padding[1])
end

function Conv2d:complain(x)
  local shape = describe.shape(x)
  if x:dim() ~= 4 then
    return ("input is %s; expected (N, %d, height, width). Hint: x:reshape(-1, %d, height, width)")
      :format(shape, self.in_channels, self.in_channels)
  elseif x:size(2) ~= self.in_channels then
    return ("input is %s; expected %d channels in dimension 2"):format(shape, self.in_channels)
  end
end

return Conv2d
