-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a schedule is made with, in order or by name. Each may also be given the rate to begin with.

local options = require("gradus.options")

return function(class, ...)
  local defaults = {base_lr = false}
  for _, name in ipairs(class.arguments) do
    if name == "base_lr" then defaults.base_lr = nil end
  end
  for k, v in pairs(class.defaults) do defaults[k] = v end
  local o = options.arguments("optim.lr_scheduler." .. class.__name, class.arguments, defaults, 4, ...)
  return o
end
