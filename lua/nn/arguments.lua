-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a layer is made with: values in PyTorch's order, or keywords in a table, or both.

local options = require("gradus.options")

-- In `function Layer:init(...)`: an error is blamed on whoever makes the layer.
return function(who, names, defaults, ...)
  local o = options.arguments(who, names, defaults, 5, ...)
  return o
end
