-- SPDX-License-Identifier: GPL-3.0-or-later
local arguments = require("gradus.nn.arguments")
local tensor = require("gradus.tensor")

local MaxPool2d = require("gradus.nn.Module").class("MaxPool2d")

--- nn.MaxPool2d(kernel_size: integer|{integer, integer}, stride = kernel_size, padding = 0) -> Module
--- The largest element of each window of an image (N, channels, height, width).
--- What follows kernel_size may be options: {stride = 2, padding = 1}.
--- > nn.MaxPool2d(2)(tensor.zeros(2, 3, 8, 8)):size()
--- {2, 3, 4, 4}
function MaxPool2d:init(...)
  local o = arguments("nn.MaxPool2d", {"kernel_size", "stride", "padding"}, {stride = false, padding = 0},
    ...)
  self.kernel_size, self.stride, self.padding = o.kernel_size, o.stride or o.kernel_size, o.padding
end

function MaxPool2d:forward(x)
  return tensor.max_pool2d(x, self.kernel_size, self.stride, self.padding)
end

function MaxPool2d:extra_repr()
  local k, s = self.kernel_size, self.stride
  return ("kernel %s, stride %s"):format(type(k) == "table" and table.concat(k, "x") or k,
    type(s) == "table" and table.concat(s, "x") or s)
end

return MaxPool2d
