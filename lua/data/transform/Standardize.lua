-- SPDX-License-Identifier: GPL-3.0-or-later
-- z = (x - mean) / std, column by column, with the mean and the standard
-- deviation of the data it was fitted on. Constant columns are only centred.

local Transform = require("gradus.data.transform.Transform")

local Standardize = Transform.class("Standardize")

--- data.Standardize() -> Transform
--- Brings every feature to mean 0 and standard deviation 1. Fit it on the training data alone,
--- then apply it to all.
--- > s = data.Standardize():fit(tensor{{1}, {3}})
--- > s:apply(tensor{{5}})
--- tensor{{3}}  -- float32 (1, 1)
function Standardize.new()
  return setmetatable({}, Standardize)
end

function Standardize:_fit(x)
  self.mean = x:mean(1)
  self.scale = (x - self.mean):square():mean(1):sqrt()
  self.scale = self.scale + self.scale:eq(0)
end

function Standardize:_apply(x)
  return (x - self.mean) / self.scale
end

function Standardize:_invert(z)
  return z * self.scale + self.mean
end

return Standardize
