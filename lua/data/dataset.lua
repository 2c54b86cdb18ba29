-- SPDX-License-Identifier: GPL-3.0-or-later
-- A data set: a table with x (samples along dimension 1) and y, and what is
-- known about them. Everything in gradus that takes data takes such a table.

local core = require("gradus.core")

local Dataset = {__name = "Dataset"}
Dataset.__index = Dataset

local fields = {"x", "y", "classes", "features", "name", "source", "licence", "target"}
require("gradus.strict").class(Dataset, "data sets", fields)

local known = {}
for _, field in ipairs(fields) do known[field] = true end

local function check(set)
  if type(set) ~= "table" then
    error("data.set: expected a table such as {x = tensor, y = tensor}; got " .. type(set), 3)
  end
  if not core.is_tensor(set.x) then
    error("data.set: expected a tensor x, one sample a row; got " .. type(set.x), 3)
  end
  for field in pairs(set) do
    if not known[field] then
      error(("data.set: unknown field '%s'. Fields: %s"):format(tostring(field),
        table.concat(fields, ", ")), 3)
    end
  end
  if set.y == nil then return end
  if not core.is_tensor(set.y) then
    error("data.set: y must be a tensor; got " .. type(set.y), 3)
  end
  if set.x:dim() == 0 or set.y:dim() == 0 or set.x:size(1) ~= set.y:size(1) then
    error(("data.set: x is (%s) and y is (%s); expected as many targets as samples"):format(
      table.concat(set.x:size(), ", "), table.concat(set.y:size(), ", ")), 3)
  end
end

--- data.set(fields: {x: tensor, y: tensor?, classes: table?, features: table?, name: string?, source: string?, licence: string?, target: string?}) -> Dataset
--- A data set from one's own tensors: x with one sample a row, y with labels 1..C (then
--- `classes` names them) or with numbers to predict (`target` names them).
--- > data.set{x = tensor{{1, 2}, {3, 4}}, y = tensor{1, 2}, classes = {"no", "yes"}, name = "mine"}
--- mine: 2 samples of 2 features
---   classes: no (1), yes (1)
---   x 1: 1 to 3
---   x 2: 2 to 4
function Dataset.new(set)
  check(set)
  return setmetatable(set, Dataset)
end

-- The number of samples of a data set, which may be a plain table.
function Dataset._count(who, set)
  if type(set) ~= "table" or not core.is_tensor(rawget(set, "x")) then
    error(who .. ": expected a data set: a table with a tensor x (and y)", 3)
  end
  return set.x:size(1)
end

--- #set: the number of samples.
function Dataset.__len(set) return set.x:size(1) end

local function number(v) return ("%.4g"):format(v) end

local function range(x)
  if x:numel() == 0 then return "empty" end
  return number(x:min():item()) .. " to " .. number(x:max():item())
end

local function class_lines(set)
  local counts, parts = {}, {}
  for c = 1, #set.classes do counts[c] = 0 end
  for _, label in ipairs(set.y:totable()) do
    local c = math.tointeger(label)
    if c and counts[c] then counts[c] = counts[c] + 1 end
  end
  for c, name in ipairs(set.classes) do parts[c] = ("%s (%d)"):format(name, counts[c]) end
  return "  classes: " .. table.concat(parts, ", ")
end

local MOST = 20 -- features that are listed one by one

local function feature_lines(set, lines)
  local x = set.x
  if x:dim() ~= 2 or x:size(2) > MOST then
    lines[#lines + 1] = "  x: " .. range(x)
    return
  end
  for j = 1, x:size(2) do
    lines[#lines + 1] = ("  %s: %s"):format(set.features and set.features[j] or "x " .. j,
      range(x:select(2, j)))
  end
end

local function sizes(x)
  local size = x:size()
  local n = table.remove(size, 1) or 0
  local each = #size == 1 and ("%d feature%s"):format(size[1], size[1] == 1 and "" or "s")
    or table.concat(size, " x ")
  return ("%d sample%s"):format(n, n == 1 and "" or "s") .. (#size > 0 and " of " .. each or "")
end

function Dataset.__tostring(set)
  local lines = {(set.name or "data set") .. ": " .. sizes(set.x)}
  if set.y and set.classes then
    lines[2] = class_lines(set)
  elseif set.y then
    lines[2] = ("  target %s: %s"):format(set.target or "y", range(set.y))
  end
  feature_lines(set, lines)
  if set.source then
    lines[#lines + 1] = ("  source: %s%s"):format(set.source,
      set.licence and " (" .. set.licence .. ")" or "")
  end
  return table.concat(lines, "\n")
end

return Dataset
