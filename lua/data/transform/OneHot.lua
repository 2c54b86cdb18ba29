-- SPDX-License-Identifier: GPL-3.0-or-later
-- Labels as rows of 0 and 1: label c becomes the c-th unit vector.

local core = require("gradus.core")
local Transform = require("gradus.data.transform.Transform")

local OneHot = Transform.class("OneHot")

--- data.OneHot(classes: integer?) -> Transform
--- Turns labels 1..C into rows of length C; C is given, or taken from the labels it is fitted on.
--- > data.OneHot(3):apply(tensor{1, 3})
--- tensor{{1, 0, 0},
---        {0, 0, 1}}  -- float32 (2, 3)
function OneHot.new(classes)
  if classes ~= nil and (math.type(classes) ~= "integer" or classes < 1) then
    error("data.OneHot: classes should be a whole number from 1; got " .. tostring(classes), 2)
  end
  return setmetatable({width = classes}, OneHot)
end

local function labels_of(y)
  if not core.is_tensor(y) and type(y) == "table" then y = y.y end
  if not core.is_tensor(y) or y:dim() ~= 1 then
    error("data.OneHot: expected a tensor of N labels", 3)
  end
  return y:totable()
end

function OneHot:fit(y)
  local most = 0
  for _, c in ipairs(labels_of(y)) do most = math.max(most, c) end
  self.width = math.tointeger(most)
  return self
end

function OneHot:apply(y)
  if not self.width then error("data.OneHot: not fitted yet. Hint: t:fit(labels) first", 2) end
  local rows = {}
  for i, c in ipairs(labels_of(y)) do
    local at = math.tointeger(c)
    if not at or at < 1 or at > self.width then
      error(("data.OneHot: label %s of sample %d is not in 1..%d. Hint: labels count from 1"):format(
        c, i, self.width), 2)
    end
    rows[i] = {}
    for j = 1, self.width do rows[i][j] = j == at and 1 or 0 end
  end
  return core.tensor(rows)
end

-- The label of each row: its largest column.
function OneHot:invert(z)
  return select(2, z:max(2))
end

return OneHot
