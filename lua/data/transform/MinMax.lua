-- SPDX-License-Identifier: GPL-3.0-or-later
-- z = low + (x - min) (high - low) / (max - min), column by column, with the
-- extremes of the data it was fitted on. Constant columns become low.

local Transform = require("gradus.data.transform.Transform")

local MinMax = Transform.class("MinMax")

--- data.MinMax(low: number = 0, high: number = 1) -> Transform
--- Brings every feature into [low, high]; new data may fall outside.
--- > m = data.MinMax():fit(tensor{{0}, {10}})
--- > m:apply(tensor{{5}})
--- tensor{{0.5000}}  -- float32 (1, 1)
function MinMax.new(low, high)
  low, high = low or 0, high or 1
  if type(low) ~= "number" or type(high) ~= "number" or low >= high then
    error("data.MinMax: low should be a number below high", 2)
  end
  return setmetatable({low = low, high = high}, MinMax)
end

function MinMax:_fit(x)
  self.min = x:min(1)
  local range = x:max(1) - self.min
  self.range = range + range:eq(0)
end

function MinMax:_apply(x)
  return (x - self.min) * ((self.high - self.low) / self.range) + self.low
end

function MinMax:_invert(z)
  return (z - self.low) * (self.range / (self.high - self.low)) + self.min
end

return MinMax
