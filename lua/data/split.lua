-- SPDX-License-Identifier: GPL-3.0-or-later
-- Parts of a data set: by indices, by shares, by folds. A part is a data set
-- again, with the same class and feature names.

local core = require("gradus.core")
local options = require("gradus.options")
local seeded = require("gradus.seeded").run

local M = {}

local function check(who, data)
  if type(data) ~= "table" or not core.is_tensor(rawget(data, "x")) then
    error(who .. ": expected a data set: a table with a tensor x (and y)", 3)
  end
  return data.x:size(1)
end

-- Whole numbers 1..n as a table, shuffled from the session's generator.
local function shuffled(n)
  local list = n > 0 and core.randperm(n):totable() or {}
  for i, v in ipairs(list) do list[i] = math.tointeger(v) end
  return list
end

--- data.subset(set: Dataset, indices: table) -> Dataset
--- The samples with these indices (from 1), in that order.
--- > data.subset({x = tensor{{1}, {2}, {3}}, y = tensor{1, 2, 1}}, {3, 1}).x:size(1)
--- 2
function M.subset(set, indices)
  check("data.subset", set)
  local part = {}
  for k, v in pairs(set) do part[k] = v end
  local index = core.tensor(#indices > 0 and indices or {}, {dtype = "float64"})
  for _, key in ipairs{"x", "y"} do
    if core.is_tensor(set[key]) then part[key] = set[key]:index_select(1, index) end
  end
  return setmetatable(part, getmetatable(set))
end

-- Groups of indices by label, in the order of the labels.
local function by_class(set, indices)
  local labels, groups, names = set.y:totable(), {}, {}
  for _, i in ipairs(indices) do
    local c = labels[i]
    if not groups[c] then
      groups[c] = {}
      names[#names + 1] = c
    end
    table.insert(groups[c], i)
  end
  table.sort(names)
  local list = {}
  for _, c in ipairs(names) do list[#list + 1] = groups[c] end
  return list
end

-- How many of n samples each share gets: rounded, the first part takes the rest.
local function counts(shares, n)
  local list, used = {}, 0
  for k = 2, #shares do
    list[k] = math.floor(shares[k] * n + 0.5)
    used = used + list[k]
  end
  list[1] = n - used
  return list
end

local function deal(parts, indices, list)
  local at = 0
  for k, n in ipairs(list) do
    for i = at + 1, at + n do table.insert(parts[k], indices[i]) end
    at = at + n
  end
end

--- data.split(set: Dataset, shares: number|table = 0.2, {stratify: boolean = false, shuffle: boolean = true, seed: integer?}) -> Dataset, Dataset, ...
--- Splits into training and test data: a share s gives (1 - s, s); a table like {0.6, 0.2, 0.2}
--- gives as many parts as it has shares. Shuffled from the session's seed (or one's own);
--- `stratify` keeps the shares of the classes in every part.
--- > a, b = data.split({x = tensor.zeros(10, 2), y = tensor.ones(10)}, 0.3)
--- > a.x:size(1), b.x:size(1)
--- 7	3
function M.split(set, shares, o)
  local who = "data.split"
  local n = check(who, set)
  o = options.read(who, o, {stratify = false, shuffle = true}, {"seed"})
  if shares == nil then shares = 0.2 end
  if type(shares) == "number" then shares = {1 - shares, shares} end
  local sum = 0
  for _, s in ipairs(shares) do
    if type(s) ~= "number" or s < 0 or s > 1 then
      error(("%s: a share lies between 0 and 1; got %s"):format(who, tostring(s)), 2)
    end
    sum = sum + s
  end
  if math.abs(sum - 1) > 1e-9 then
    error(("%s: the shares add up to %g; expected 1"):format(who, sum), 2)
  end
  return seeded(o.seed, function()
    local order, parts = {}, {}
    if o.shuffle then order = shuffled(n) else for i = 1, n do order[i] = i end end
    for k = 1, #shares do parts[k] = {} end
    if o.stratify then
      for _, group in ipairs(by_class(set, order)) do deal(parts, group, counts(shares, #group)) end
    else
      deal(parts, order, counts(shares, n))
    end
    for k, indices in ipairs(parts) do parts[k] = M.subset(set, indices) end
    return table.unpack(parts)
  end)
end

-- Fold of each index: k consecutive runs whose lengths differ by one at most.
local function runs(indices, k)
  local folds, at = {}, 0
  for f = 1, k do
    folds[f] = {}
    local size = #indices // k + (f <= #indices % k and 1 or 0)
    for i = at + 1, at + size do table.insert(folds[f], indices[i]) end
    at = at + size
  end
  return folds
end

-- Labels in the order in which they first occur.
local function labels_in_order(set)
  local seen, names = {}, {}
  for _, c in ipairs(set.y:totable()) do
    if not seen[c] then names[#names + 1] = c end
    seen[c] = true
  end
  return names
end

-- As scikit-learn does it: with the samples sorted by class, fold f is owed
-- every k-th of them from the f-th on; each class deals its samples out in
-- consecutive runs as long as what the folds are owed of it.
local function stratified(set, indices, k)
  local folds, groups, labels, at = {}, {}, set.y:totable(), 0
  for f = 1, k do folds[f] = {} end
  for _, i in ipairs(indices) do
    groups[labels[i]] = groups[labels[i]] or {}
    table.insert(groups[labels[i]], i)
  end
  for _, c in ipairs(labels_in_order(set)) do
    local group, from = groups[c], 1
    for f = 1, k do
      local owed = (at + #group - f) // k - (at - f) // k
      table.move(group, from, from + owed - 1, #folds[f] + 1, folds[f])
      from = from + owed
    end
    at = at + #group
  end
  return folds
end

--- data.kfold(set: Dataset, k: integer = 5, {shuffle: boolean = false, stratify: boolean = false, seed: integer?}) -> {{train: Dataset, valid: Dataset}, ...}
--- k ways to leave out one k-th of the samples: each sample is in exactly one `valid`.
--- > folds = data.kfold({x = tensor.zeros(10, 2), y = tensor.ones(10)}, 5)
--- > #folds, folds[1].valid.x:size(1)
--- 5	2
function M.kfold(set, k, o)
  local who = "data.kfold"
  local n = check(who, set)
  k = k or 5
  o = options.read(who, o, {shuffle = false, stratify = false}, {"seed"})
  if math.type(k) ~= "integer" or k < 2 or k > n then
    error(("%s: k should be a whole number from 2 to the number of samples, %d; got %s"):format(who,
      n, tostring(k)), 2)
  end
  return seeded(o.seed, function()
    local order = {}
    if o.shuffle then order = shuffled(n) else for i = 1, n do order[i] = i end end
    local folds = o.stratify and stratified(set, order, k) or runs(order, k)
    local list = {}
    if o.stratify and not o.shuffle then
      for _, fold in ipairs(folds) do table.sort(fold) end
    end
    for f = 1, k do
      local rest = {}
      for g = 1, k do
        if g ~= f then table.move(folds[g], 1, #folds[g], #rest + 1, rest) end
      end
      if not o.shuffle then table.sort(rest) end
      list[f] = {train = M.subset(set, rest), valid = M.subset(set, folds[f])}
    end
    return list
  end)
end

--- data.batches(set: Dataset, size: integer = 32, {shuffle: boolean = true, drop_last: boolean = false, augment: function?}) -> Batches
--- Goes through the samples in batches: `for x, y in data.batches(set, 32) do ... end`. Each
--- loop over it shuffles anew from the session's seed. #batches is their number. `augment` is a
--- function of the batch's x, like data.augment gives.
--- > #data.batches({x = tensor.zeros(10, 2), y = tensor.ones(10)}, 4)
--- 3
function M.batches(set, size, o)
  local who = "data.batches"
  local n = check(who, set)
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
require("gradus.strict").class(M._batches, "batches", {"augment"})

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
