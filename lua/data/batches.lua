-- SPDX-License-Identifier: GPL-3.0-or-later
-- A data set in batches, in another order each time.

local core = require("gradus.core")
local count = require("gradus.data.dataset")._count
local options = require("gradus.options")
local strict = require("gradus.strict")

local M = {}

--- data.batches(set: Dataset, size: integer = 32, {shuffle: boolean = true, drop_last: boolean = false, augment: function?}) -> Batches
--- Goes through the samples in batches: `for x, y in data.batches(set, 32) do ... end`. Each
--- loop over it shuffles anew from the session's seed. #batches is their number. `augment` is a
--- function of the batch's x, like data.augment gives.
--- > #data.batches({x = tensor.zeros(10, 2), y = tensor.ones(10)}, 4)
--- 3
function M.batches(set, size, o)
  local who = "data.batches"
  local n = count(who, set)
  size = size or 32
  o = options.read(who, o, {shuffle = true, drop_last = false}, {"augment"})
  if math.type(size) ~= "integer" or size < 1 then
    error(("%s: a batch has at least one sample; got size %s"):format(who, tostring(size)), 2)
  end
  return setmetatable({set = set, size = size, n = n, shuffle = o.shuffle,
    drop_last = o.drop_last, augment = o.augment}, M._batches)
end

M._batches = {__name = "Batches"}
M._batches.__index = M._batches
strict.class(M._batches, "batches", {"augment"})

function M._batches.__len(b)
  return b.drop_last and b.n // b.size or (b.n + b.size - 1) // b.size
end

function M._batches.__tostring(b)
  return ("Batches: %d of %d samples%s"):format(#b, b.size, b.shuffle and ", shuffled" or "")
end

-- One pass: a function that returns x, y of the next batch.
function M._batches:pass()
  local order = self.shuffle and core.randperm(self.n)
  local at, last, x, y = 0, #self * self.size, self.set.x, self.set.y
  local changed = self.augment or function(part) return part end
  return function()
    if at >= last or at >= self.n then return nil end
    local length = math.min(self.size, self.n - at)
    local from = at + 1
    at = at + length
    if not order then
      return changed(x:narrow(1, from, length)), y and y:narrow(1, from, length)
    end
    local index = order:narrow(1, from, length)
    return changed(x:index_select(1, index)), y and y:index_select(1, index)
  end
end

-- `for x, y in batches do`: a loop calls with the x before, nil at its start.
-- So each loop begins anew, also after one that was left early.
function M._batches.__call(b, _, before)
  if before == nil then b._next = b:pass() end
  return b._next()
end

return M
