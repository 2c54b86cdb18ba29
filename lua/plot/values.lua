-- SPDX-License-Identifier: GPL-3.0-or-later
-- Numbers on their way into a picture: tensors and Lua arrays become plain
-- arrays; what is not finite is counted; long series are thinned.

local recorder = require "gradus.recorder"
local strict = require "gradus.strict"

local M = {}

local huge = math.huge

--- Tensors of any kind: they have a method totable.
function M.is_tensor(v)
  return type(v) == "userdata" and type(v.totable) == "function"
end

--- True for a tensor and for a Lua array (of numbers, of arrays or of tensors).
function M.is_data(v)
  if M.is_tensor(v) then return true end
  return type(v) == "table" and (v[1] ~= nil or next(v) == nil) and getmetatable(v) == nil
end

--- values.what(v) -> string
--- What came, for messages: objects of the library by name, others by their type.
--- > require("gradus.plot.values").what(nn.ReLU()), require("gradus.plot.values").what({})
--- a net (ReLU)	table
function M.what(v)
  if M.is_tensor(v) then return "a tensor" end
  if type(v) ~= "table" then return type(v) end
  local class = getmetatable(v)
  local name = type(class) == "table" and rawget(class, "__name")
  if name == "Figure" then return "a figure" end
  if strict.find(v, "named_parameters") then return ("a net (%s)"):format(name or "Module") end
  if strict.find(v, "zero_grad") then return "an optimiser" end
  return "table"
end

--- values.record(who, v, expected) -> v
--- Raises unless v is a table that may hold what is expected: not one of the objects above.
function M.record(who, v, expected)
  local what = M.what(v)
  if what == "table" then return v end
  error(("%s: %s expected; got %s"):format(who, expected, what), 0)
end

local function flatten(v, into)
  for i = 1, #v do
    if type(v[i]) == "table" then flatten(v[i], into) else into[#into + 1] = v[i] end
  end
  return into
end

--- values.list(who, v, what) -> {number, ...}
--- All numbers of a tensor or (nested) array in order. Raises if there are none or if
--- one is no number.
function M.list(who, v, what)
  what = what or "data"
  if M.is_tensor(v) then v = v:totable() end
  if type(v) == "number" then v = {v} end
  if M.what(v) ~= "table" then
    error(("%s: %s: numbers expected, a tensor or an array like {1, 2, 3}; got %s"):format(
      who, what, M.what(v)), 0)
  end
  local flat = flatten(v, {})
  if #flat == 0 then
    error(("%s: %s is empty: there is nothing to draw"):format(who, what), 0)
  end
  for i = 1, #flat do
    if type(flat[i]) ~= "number" then
      error(("%s: %s: entry %d is a %s, not a number"):format(who, what, i, type(flat[i])), 0)
    end
  end
  return flat
end

--- values.matrix(who, v) -> {{number, ...}, ...}; rows of equal length.
function M.matrix(who, v, what)
  what = what or "data"
  if M.is_tensor(v) then v = v:totable() end
  local ok = type(v) == "table" and #v > 0
  local rows = {}
  for i = 1, ok and #v or 0 do
    local row = M.is_tensor(v[i]) and v[i]:totable() or v[i]
    if type(row) ~= "table" or #row == 0 or type(row[1]) ~= "number" then ok = false break end
    if #row ~= #(rows[1] or row) then
      error(("%s: %s: row %d has %d numbers, row 1 has %d"):format(who, what, i, #row, #rows[1]), 0)
    end
    rows[i] = row
  end
  if not ok then
    error(("%s: %s: rows of numbers expected, a tensor (rows, columns) or {{1, 2}, {3, 4}}")
      :format(who, what), 0)
  end
  return rows
end

function M.is_finite(v)
  return v == v and v ~= huge and v ~= -huge
end

--- values.bad(list) -> {n, nan, inf, first} or nil when all numbers are finite.
function M.bad(list)
  local nan, inf, first = 0, 0, nil
  for i = 1, #list do
    local v = list[i]
    if v ~= v then nan = nan + 1 elseif v == huge or v == -huge then inf = inf + 1 end
    if not first and nan + inf > 0 then first = i end
  end
  if nan + inf == 0 then return nil end
  return {n = nan + inf, nan = nan, inf = inf, first = first}
end

--- The sentence about what values.bad found among n numbers.
function M.words(bad, n, name)
  local parts = {}
  if bad.nan > 0 then parts[#parts + 1] = bad.nan .. " NaN" end
  if bad.inf > 0 then parts[#parts + 1] = bad.inf .. " Inf" end
  local begin = name and name .. ": " or ""
  if n == 1 then return ("%sthe only value is not finite (%s)"):format(begin, parts[1]) end
  return ("%s%s of %d values are not finite (%s, from no. %d on)"):format(
    begin, bad.n == n and "all" or tostring(bad.n), n, table.concat(parts, ", "), bad.first)
end

--- One sentence about what is not finite in a list, or nil.
function M.note(list, name)
  local bad = M.bad(list)
  return bad and M.words(bad, #list, name)
end

--- Smallest and largest finite number (positive ones only if asked); nil if there are none.
function M.extent(list, positive)
  local lo, hi = huge, -huge
  for i = 1, #list do
    local v = list[i]
    if M.is_finite(v) and not (positive and v <= 0) then
      if v < lo then lo = v end
      if v > hi then hi = v end
    end
  end
  if lo > hi then return nil end
  return lo, hi
end

--- 1, 2, ..., n
function M.count(n)
  local list = {}
  for i = 1, n do list[i] = i end
  return list
end

--- values.thin(x, y, parts, log) -> x, y
--- A curve of more than 4 points a part as one that looks the same: the x axis is cut into parts of
--- the same width, and of each part the first, the last, both extremes and a point that is not finite stay,
--- since that is drawn as a gap. Where x goes back, the parts are equal in number of points.
function M.thin(x, y, parts, log)
  return recorder.thin(x, y, parts or 1500, log)
end

--- values.thin_cloud(x, y, cells) -> x, y
--- Of the points that would fall on the same spot of a screen of cells x cells one stays.
function M.thin_cloud(x, y, cells)
  cells = cells or 400
  if #x <= 20000 then return x, y end
  local x0, x1 = M.extent(x)
  local y0, y1 = M.extent(y)
  if not x0 or not y0 then return x, y end
  local sx, sy = cells / math.max(x1 - x0, 1e-300), cells / math.max(y1 - y0, 1e-300)
  local seen, tx, ty = {}, {}, {}
  for i = 1, #x do
    local a, b = x[i], y[i]
    if M.is_finite(a) and M.is_finite(b) then
      local key = (a - x0) * sx // 1 * 4096 + (b - y0) * sy // 1
      if not seen[key] then
        seen[key] = true
        tx[#tx + 1], ty[#ty + 1] = a, b
      end
    end
  end
  return tx, ty
end

--- A number for people: four significant digits, no trailing zeros.
function M.show(v, digits)
  if v ~= v then return "NaN" end
  if v == huge then return "Inf" elseif v == -huge then return "-Inf" end
  if v == math.floor(v) and math.abs(v) < 1e6 then return ("%d"):format(v) end
  return (("%." .. (digits or 4) .. "g"):format(v):gsub("e([+-])0*(%d)", "e%1%2")
    :gsub("e%+", "e"))
end

return M
