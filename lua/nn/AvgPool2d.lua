-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")
local tensor = require("gradus.tensor")

local AvgPool2d = require("gradus.nn.Module").class("AvgPool2d")

--- nn.AvgPool2d(kernel_size: integer|{integer, integer}, stride = kernel_size, padding = 0, {count_include_pad: boolean = true}) -> Module
--- The mean of each window of an image (N, channels, height, width). Padding counts as zeros that are
--- part of the mean unless count_include_pad is false.
--- What follows kernel_size may be options: {stride = 2, padding = 1}.
--- > nn.AvgPool2d(2)(tensor.zeros(2, 3, 8, 8)):size()
--- {2, 3, 4, 4}
function AvgPool2d:init(...)
  local o = arguments("nn.AvgPool2d", {"kernel_size", "stride", "padding"},
    {stride = false, padding = 0, count_include_pad = true}, ...)
  self.kernel_size, self.stride, self.padding = o.kernel_size, o.stride or o.kernel_size, o.padding
  self.count_include_pad = o.count_include_pad
end

function AvgPool2d:forward(x)
  return tensor.avg_pool2d(x, self.kernel_size, self.stride, self.padding, self.count_include_pad)
end

function AvgPool2d:extra_repr()
  local k, s = self.kernel_size, self.stride
  return ("kernel %s, stride %s"):format(type(k) == "table" and table.concat(k, "x") or k,
    type(s) == "table" and table.concat(s, "x") or s)
end

return AvgPool2d
