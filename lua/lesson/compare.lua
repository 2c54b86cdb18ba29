-- SPDX-License-Identifier: GPL-3.0-or-later
-- Are two answers the same? Values are compared, not how they were typed: 2 is 2.0, a tensor
-- with one element is its number, a list of numbers is the tensor made of it.

local M = {}

--- compare.is_tensor(v: any) -> boolean
--- True for a tensor; loads nothing for other values.
function M.is_tensor(v)
  return type(v) == "userdata" and type(_G.tensor) == "table" and _G.tensor.is_tensor(v)
end

local is_tensor = M.is_tensor

local function near(a, b, tolerance)
  if a ~= a then return b ~= b end
  if a == b then return true end
  return math.abs(a - b) <= tolerance * math.max(1, math.abs(b))
end

-- A tensor with one element counts as its number.
local function unwrap(v)
  if is_tensor(v) and v:numel() == 1 then return v:item() end
  return v
end

local same

local function same_table(a, b, tolerance, seen)
  if rawequal(seen[a], b) then return true end
  seen[a] = b
  for k, v in next, a do
    if not same(v, rawget(b, k), tolerance, seen) then return false end
  end
  for k in next, b do
    if rawget(a, k) == nil then return false end
  end
  return true
end

local function same_shape(a, b)
  if a:dim() ~= b:dim() then return false end
  for d = 1, a:dim() do
    if a:size(d) ~= b:size(d) then return false end
  end
  return true
end

local function same_tensor(a, b, tolerance, seen)
  if not same_shape(a, b) then return false end
  if a:numel() == 0 then return true end
  return same(a:totable(), b:totable(), tolerance, seen)
end

same = function(a, b, tolerance, seen)
  if is_tensor(a) and is_tensor(b) then return same_tensor(a, b, tolerance, seen) end
  a, b = unwrap(a), unwrap(b)
  if type(a) == "number" and type(b) == "number" then return near(a, b, tolerance) end
  if is_tensor(a) and type(b) == "table" then a = a:totable() end
  if is_tensor(b) and type(a) == "table" then b = b:totable() end
  if type(a) == "table" and type(b) == "table" then return same_table(a, b, tolerance, seen) end
  return a == b
end

--- compare.same(a: any, b: any, tolerance: number = 1e-4) -> boolean
--- True if two values agree: numbers within `tolerance * max(1, |b|)`, tensors and tables
--- element by element, NaN with NaN.
--- > require("gradus.lesson.compare").same({1, 2.00001}, {1, 2})
--- true
function M.same(a, b, tolerance)
  return same(a, b, tolerance or 1e-4, {})
end

-- In a loop: a list may be linked a million deep.
local function freeze(v, seen)
  local waiting = {}
  local function copy_of(x)
    if is_tensor(x) then return require("gradus.snapshot").copy(x) end -- no view: it would mark the memory
    if type(x) ~= "table" then return x end
    if not seen[x] then seen[x], waiting[#waiting + 1] = {}, x end
    return seen[x]
  end
  local frozen = copy_of(v)
  while #waiting > 0 do
    local t = table.remove(waiting)
    for k, x in next, t do seen[t][k] = copy_of(x) end
  end
  return frozen
end

--- compare.freeze(v: any, known: table?) -> any
--- A deep copy of a value that later changes in place do not reach: plain tables, whatever their
--- metatables say. `known` names tables for which others stand.
function M.freeze(v, known)
  return freeze(v, setmetatable({}, {__index = known}))
end

local function shape_text(t)
  local parts = {}
  for d = 1, t:dim() do parts[d] = ("%d"):format(t:size(d)) end
  return "(" .. table.concat(parts, ", ") .. ")"
end

M.shape_text = shape_text

local describe

local function list_text(t, depth)
  if depth > 2 then return "{...}" end
  local parts = {}
  for i, v in ipairs(t) do
    if i > 8 then parts[i] = "..." break end
    parts[i] = describe(v, depth + 1)
  end
  return "{" .. table.concat(parts, ", ") .. "}"
end

function describe(v, depth)
  if is_tensor(v) then
    if v:numel() == 1 then return ("%.6g"):format(v:item()) end
    if v:numel() <= 8 then return list_text(v:totable(), depth) end
    return "a tensor of shape " .. shape_text(v)
  end
  if type(v) == "string" then return ("%q"):format(#v > 60 and v:sub(1, 57) .. "..." or v) end
  if math.type(v) == "float" then return ("%.6g"):format(v) end
  if type(v) == "table" and not getmetatable(v) and #v > 0 then return list_text(v, depth) end
  if type(v) == "table" then return "a table" end
  return type(v) == "function" and "a function" or tostring(v)
end

--- compare.describe(v: any) -> string
--- A few words about a value, for "expected this, got that".
--- > require("gradus.lesson.compare").describe{1, 2, 3}
--- {1, 2, 3}
function M.describe(v) return describe(v, 1) end

return M
