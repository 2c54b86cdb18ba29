-- SPDX-License-Identifier: GPL-3.0-or-later
-- How metrics read what they are given: labels, scores and numbers as plain
-- Lua arrays, whether they came as tensors or as tables.

local core = require("gradus.core")

local M = {}

--- labels.numbers(who: string, x: tensor|table, what: string) -> {number, ...}
--- A flat array of numbers from a tensor of one dimension (or (N, 1)) or a table.
--- > require("gradus.metrics.labels").numbers("f", tensor{1, 2}, "x")[2]
--- 2.0
function M.numbers(who, x, what)
  if core.is_tensor(x) then
    local numel = x:numel()
    if x:dim() > 1 and numel ~= x:size(1) then
      error(("%s: %s is a tensor of shape (%s); expected one number a sample. Hint: one class is a column, "
        .. "x:select(2, 1)"):format(who, what, table.concat(x:size(), ", ")), 3)
    end
    return x:detach():reshape(numel):totable()
  end
  if type(x) ~= "table" then
    error(("%s: %s should be a tensor or a table of numbers; got %s"):format(who, what, type(x)), 3)
  end
  if rawlen(x) == 0 and rawget(x, "y") ~= nil then
    error(("%s: %s is a data set; expected its labels. Hint: set.y"):format(who, what), 3)
  end
  for i, v in ipairs(x) do
    if type(v) ~= "number" then
      error(("%s: entry %d of %s should be a number; got %s"):format(who, i, what, type(v)), 3)
    end
  end
  return x
end

-- The column of the largest score in each row.
local function largest(x)
  local labels = {}
  for i, row in ipairs(x:detach():totable()) do
    local best = 1
    for j = 2, #row do
      if row[j] > row[best] then best = j end
    end
    labels[i] = best
  end
  return labels
end

local function all(list, test)
  for _, v in ipairs(list) do
    if not test(v) then return false end
  end
  return true
end

--- labels.known(who: string, x: {number, ...}, what: string) -> {number, ...}
--- The labels themselves; raises where one is not a number.
--- > pcall(require("gradus.metrics.labels").known, "f", {1, 0 / 0}, "truth")
--- false	f: truth 2 is nan
function M.known(who, x, what)
  for i, v in ipairs(x) do
    if v ~= v then error(("%s: %s %d is nan"):format(who, what, i), 0) end
  end
  return x
end

--- labels.classes(who: string, x: tensor|table, what: string, truth: table?) -> {number, ...}
--- Labels from labels, or from scores (N, C): then the column of each row's largest score. A
--- single column (N, 1) holds labels, or the scores of the one class that the truth knows.
--- > require("gradus.metrics.labels").classes("f", tensor{{0.1, 0.9}}, "x")[1]
--- 2
function M.classes(who, x, what, truth)
  local columns = core.is_tensor(x) and x:dim() == 2 and x:size(2) or 0
  if columns > 1 then return largest(x) end
  local labels = M.known(who, M.numbers(who, x, what), what)
  if columns == 1 and not all(labels, function(v) return v == math.floor(v) end) then
    if truth and all(truth, function(v) return v == 1 end) then return largest(x) end
    error(("%s: %s is (%d, 1) without whole numbers; expected labels, or scores (N, C). Hint: "
      .. "z:gt(0) makes labels 0 and 1 of one score a sample"):format(who, what, #labels), 3)
  end
  return labels
end

--- labels.pair(who: string, truth: table, given: table)
--- Raises unless both hold the same number of samples, at least one.
--- > pcall(require("gradus.metrics.labels").pair, "f", {1}, {1, 2})
--- false	f: 1 true values but 2 predictions
function M.pair(who, truth, given)
  if #truth ~= #given then
    error(("%s: %d true values but %d predictions"):format(who, #truth, #given), 0)
  end
  if #truth == 0 then error(who .. ": no samples; at least one is needed", 0) end
end

--- labels.union(...: table) -> {number, ...}
--- The distinct labels of all arrays, sorted.
--- > #require("gradus.metrics.labels").union({1, 2}, {2, 3})
--- 3
function M.union(...)
  local seen, list = {}, {}
  for _, array in ipairs{...} do
    for _, v in ipairs(array) do
      if not seen[v] then
        seen[v] = true
        list[#list + 1] = v
      end
    end
  end
  table.sort(list)
  return list
end

return M
