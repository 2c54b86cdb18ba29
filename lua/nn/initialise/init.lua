-- SPDX-License-Identifier: GPL-3.0-or-later
-- nn.init: how a net begins. Every function changes a tensor in place and returns it.

local lazy = require("gradus.lazy")
local mark = require("gradus.nn.mark")
local options = require("gradus.options")
local tensor = require("gradus.tensor")

local M = {}

for _, part in ipairs {"fans", "basic", "scaled", "orthogonal"} do
  for name, value in pairs(require("gradus.nn.initialise." .. part)) do
    if name:sub(-1) == "_" or name == "calculate_gain" then M[name] = value end
  end
end
require("gradus.nn.initialise.apply")(M)

-- What needs whole nets is loaded when it is first used.
setmetatable(M, {__index = function(t, name)
  if name ~= "lsuv_" and name ~= "log_prior_" then
    local result = lazy.missing("nn.init", name, options.keys(t))
    return result -- no tail call: the error counts functions
  end
  for key, value in pairs(require("gradus.nn.initialise.data")) do rawset(t, key, value) end
  return rawget(t, name)
end})

-- For layers: a new parameter from U(low, high).
function M.new(shape, low, high)
  return mark.Parameter(tensor.zeros(shape):uniform_(low, high))
end

-- A new parameter filled with a value.
function M.filled(shape, value)
  return mark.Parameter(tensor.full(shape, value))
end

function M.check_size(who, name, value)
  if math.type(value) ~= "integer" and not (type(value) == "number" and value == value // 1) or
    value < 0 then
    error(("%s: %s should be a whole number of at least 0; got %s"):format(who, name,
      tostring(value)), 4)
  end
  return math.tointeger(value)
end

-- For the p of dropout and its kin.
function M.check_share(who, p)
  if type(p) ~= "number" or p < 0 or p > 1 then
    error(("%s: p, the share dropped, is a number from 0 to 1; got %s"):format(who, tostring(p)), 4)
  end
  return p
end

return M
