-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a schedule is made with, in order or by name.

local options = require("gradus.options")

-- Reads positional arguments by the class's names, or a table of options in place of any of them.
return function(class, ...)
  local given, o = {...}, {}
  for i, name in ipairs(class.arguments) do
    local v = given[i]
    if type(v) == "table" and #v == 0 and next(v) ~= nil then
      for k, value in pairs(v) do o[k] = value end
      break
    end
    o[name] = v
  end
  local last = given[#class.arguments + 1]
  if type(last) == "table" then
    for k, value in pairs(last) do o[k] = value end
  end
  local required = {"base_lr"}
  for _, name in ipairs(class.required or {}) do required[#required + 1] = name end
  local who = "optim.lr_scheduler." .. class.__name
  local read_options = options.read(who, o, class.defaults or {}, required)
  for _, name in ipairs(class.required or {}) do
    if read_options[name] == nil then error(("%s: '%s' is missing"):format(who, name), 4) end
  end
  return read_options
end
