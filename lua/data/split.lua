-- SPDX-License-Identifier: GPL-3.0-or-later
-- Parts of a data set: by indices, by shares, by folds. A part is a data set
-- again, with the same class and feature names.

local core = require("gradus.core")
local count = require("gradus.data.dataset")._count
local options = require("gradus.options")
local seeded = require("gradus.seeded").run

local M = {}

-- Whole numbers 1..n as a table, shuffled from the session's generator.
local function shuffled(n)
  local list = n > 0 and core.randperm(n):totable() or {}
  for i, v in ipairs(list) do list[i] = math.tointeger(v) end
  return list
end

local function upwards(n)
  local list = {}
  for i = 1, n do list[i] = i end
  return list
end

--- data.subset(set: Dataset, indices: table|tensor) -> Dataset
--- The samples with these indices (from 1), in that order.
--- > data.subset({x = tensor{{1}, {2}, {3}}, y = tensor{1, 2, 1}}, {3, 1}).x:size(1)
--- 2
--- > set = {x = tensor{{1}, {2}, {3}}, y = tensor{1, 2, 1}};
--- > data.subset(set, tensor.arange(3)[set.y:eq(1)]).x:reshape(-1)
--- tensor{1, 3}  -- float32 (2)
function M.subset(set, indices)
  count("data.subset", set)
  local part = {}
  for k, v in pairs(set) do part[k] = v end
  local index = core.is_tensor(indices) and indices:detach()
    or core.tensor(#indices > 0 and indices or {}, {dtype = "float64"})
  for _, key in ipairs{"x", "y"} do
    if core.is_tensor(set[key]) then part[key] = set[key]:index_select(1, index) end
  end
  return setmetatable(part, getmetatable(set))
end

-- How many of n samples each share gets: rounded up, as in scikit-learn, and the
-- first part gets the rest. 0.07 * 100 is a little more than 7, and means 7.
local function sizes(who, shares, n)
  local list, left = {}, n
  for k = 2, #shares do
    list[k] = math.min(left, math.ceil(shares[k] * n - 1e-12 * n))
    left = left - list[k]
  end
  if left == 0 and n > 0 and shares[1] > 0 then
    error(("%s: %d %s too few for these shares: nothing is left for the first part"):format(who, n,
      n == 1 and "sample is" or "samples are"), 3)
  end
  list[1] = left
  return list
end

-- Shares out `wanted` of `total` things of several kinds, of which there are
-- `rest`: each kind in proportion, rounded down, and one more for the kinds with
-- the largest remainders.
local function in_proportion(wanted, rest, total)
  local list, kinds, missing = {}, {}, wanted
  for c, n in ipairs(rest) do
    list[c], kinds[c] = wanted * n // total, c
    missing = missing - list[c]
  end
  table.sort(kinds, function(a, b)
    local one, other = wanted * rest[a] % total, wanted * rest[b] % total
    return one > other or one == other and a < b
  end)
  for i = 1, missing do list[kinds[i]] = list[kinds[i]] + 1 end
  return list
end

-- The labels that occur, in order, and how often each does.
local function class_sizes(labels)
  local names, seen, list = {}, {}, {}
  for _, c in ipairs(labels) do
    if not seen[c] then names[#names + 1] = c end
    seen[c] = (seen[c] or 0) + 1
  end
  table.sort(names)
  for i, c in ipairs(names) do list[i] = seen[c] end
  return names, list
end

-- owed[k][label]: how many samples of that class part k gets.
local function sizes_by_class(labels, list)
  local names, rest = class_sizes(labels)
  local owed, left = {}, #labels
  for k = #list, 1, -1 do
    local part = in_proportion(list[k], rest, math.max(left, 1))
    owed[k], left = {}, left - list[k]
    for i, c in ipairs(names) do
      owed[k][c] = part[i]
      rest[i] = rest[i] - part[i]
    end
  end
  return owed
end

-- Gives each index to the first part that is still owed one of its label.
local function deal(indices, labels, owed)
  local parts = {}
  for k = 1, #owed do parts[k] = {} end
  for _, i in ipairs(indices) do
    local c, k = labels[i], 1
    while owed[k][c] == 0 do k = k + 1 end
    owed[k][c] = owed[k][c] - 1
    table.insert(parts[k], i)
  end
  return parts
end

-- The shares as a list that adds up to 1.
local function check_shares(who, shares)
  if type(shares) == "number" then shares = {1 - shares, shares} end
  local sum = 0
  for _, s in ipairs(shares) do
    if type(s) ~= "number" or s < 0 or s > 1 then
      error(("%s: a share lies between 0 and 1; got %s"):format(who, tostring(s)), 3)
    end
    sum = sum + s
  end
  if math.abs(sum - 1) > 1e-9 then
    error(("%s: the shares add up to %g; expected 1"):format(who, sum), 3)
  end
  return shares
end

local function labels_of(who, set)
  if not core.is_tensor(set.y) or set.y:dim() ~= 1 then
    error(who .. ": stratify needs labels: a tensor y with one for each sample", 3)
  end
  return set.y:totable()
end

--- data.split(set: Dataset, shares: number|table = 0.2, {stratify: boolean = false, shuffle: boolean = true, seed: integer?}) -> Dataset, Dataset, ...
--- Splits into training and test data: a share s gives (1 - s, s); a table like {0.6, 0.2, 0.2}
--- gives as many parts as it has shares. The later parts are rounded up, the first gets the rest.
--- Shuffled from the session's seed (or one's own); `stratify` keeps the shares of the classes in
--- every part.
--- > a, b = data.split({x = tensor.zeros(10, 2), y = tensor.ones(10)}, 0.3)
--- > a.x:size(1), b.x:size(1)
--- 7	3
function M.split(set, shares, o)
  local who = "data.split"
  local n = count(who, set)
  o = options.read(who, o, {stratify = false, shuffle = true}, {"seed"})
  shares = check_shares(who, shares or 0.2)
  local wanted = sizes(who, shares, n)
  local labels = o.stratify and labels_of(who, set) or core.ones(n):totable()
  return seeded(o.seed, function()
    local order = o.shuffle and shuffled(n) or upwards(n)
    local parts = deal(order, labels, sizes_by_class(labels, wanted))
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
local function labels_in_order(labels)
  local seen, names = {}, {}
  for _, c in ipairs(labels) do
    if not seen[c] then names[#names + 1] = c end
    seen[c] = true
  end
  return names
end

-- As scikit-learn does it: with the samples sorted by class, fold f is owed
-- every k-th of them from the f-th on; each class deals its samples out in
-- consecutive runs as long as what the folds are owed of it.
local function stratified(labels, indices, k)
  local folds, groups, at = {}, {}, 0
  for f = 1, k do folds[f] = {} end
  for _, i in ipairs(indices) do
    groups[labels[i]] = groups[labels[i]] or {}
    table.insert(groups[labels[i]], i)
  end
  for _, c in ipairs(labels_in_order(labels)) do
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
  local n = count(who, set)
  k = k or 5
  o = options.read(who, o, {shuffle = false, stratify = false}, {"seed"})
  if math.type(k) ~= "integer" or k < 2 or k > n then
    error(("%s: k should be a whole number from 2 to the number of samples, %d; got %s"):format(who,
      n, tostring(k)), 2)
  end
  local labels = o.stratify and labels_of(who, set)
  return seeded(o.seed, function()
    local order = o.shuffle and shuffled(n) or upwards(n)
    local folds = labels and stratified(labels, order, k) or runs(order, k)
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

return M
