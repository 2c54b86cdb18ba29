-- SPDX-License-Identifier: GPL-3.0-or-later
-- How many numbers flow into and out of a unit, and how much a non-linearity shrinks a signal.

local core = require("gradus.core")
local options = require("gradus.options")

local M = {}

function M.check(who, w, least)
  if not core.is_tensor(w) then
    error(("nn.init.%s: expected a tensor; got %s"):format(who, type(w)), 3)
  end
  if least and w:dim() < least then
    error(("nn.init.%s: a tensor of %d dimension%s has no fan-in and fan-out; expected a weight " ..
      "(out, in, ...). Hint: biases begin with zeros_"):format(who, w:dim(),
      w:dim() == 1 and "" or "s"), 3)
  end
  return w:detach()
end

-- fan_in, fan_out of a weight (out, in, ...): dimensions behind the first two multiply both.
function M.of(w)
  local shape, field = w:size(), 1
  for d = 3, #shape do field = field * shape[d] end
  return shape[2] * field, shape[1] * field
end

-- The fan that a mode asks for.
function M.by_mode(who, w, mode)
  local fan_in, fan_out = M.of(w)
  if mode == "fan_in" then return fan_in end
  if mode == "fan_out" then return fan_out end
  if mode == "fan_avg" then return (fan_in + fan_out) / 2 end
  error(("nn.init.%s: mode is fan_in, fan_out or fan_avg; got '%s'"):format(who, tostring(mode)), 3)
end

local gains = {
  linear = 1, identity = 1, conv1d = 1, conv2d = 1, conv3d = 1, sigmoid = 1,
  tanh = 5 / 3, relu = math.sqrt(2), selu = 3 / 4,
}

--- nn.init.calculate_gain(nonlinearity: string, param?: number) -> number
--- What to multiply a weight's standard deviation by so that the non-linearity behind it keeps the
--- size of the signal: linear, conv2d, sigmoid 1; tanh 5/3; relu sqrt(2);
--- leaky_relu sqrt(2 / (1 + slope^2)), slope 0.01 if not given; selu 3/4.
--- > nn.init.calculate_gain("tanh")
--- 1.6666666666667
--- > nn.init.calculate_gain("leaky_relu", 1)
--- 1.0
function M.calculate_gain(nonlinearity, param)
  if nonlinearity == "leaky_relu" then
    local slope = param or 0.01
    if type(slope) ~= "number" then
      error("nn.init.calculate_gain: leaky_relu's slope should be a number; got " .. type(slope), 2)
    end
    return math.sqrt(2 / (1 + slope ^ 2))
  end
  local gain = gains[nonlinearity]
  if gain then return gain end
  local names = options.keys(gains)
  names[#names + 1] = "leaky_relu"
  local near = options.nearest(tostring(nonlinearity), names)
  error(("nn.init.calculate_gain: no gain is known for '%s'.%s Known: %s"):format(
    tostring(nonlinearity), near and (" Did you mean '%s'?"):format(near) or "",
    table.concat(names, ", ")), 2)
end

return M
