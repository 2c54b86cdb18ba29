-- SPDX-License-Identifier: GPL-3.0-or-later
-- Text for tensors: aligned columns, long ones abridged, shape and type last
-- as a Lua comment, so that what is printed can be typed again.

local M = {}

-- Dimensions longer than this show their first and last EDGE positions.
local LONG, EDGE, MOST = 12, 3, 1000

-- Positions of a dimension that are shown; false stands for the gap.
local function shown(size, abridge)
  local list = {}
  for i = 1, size do
    if not abridge or size <= LONG or i <= EDGE or i > size - EDGE then
      list[#list + 1] = i
    elseif list[#list] then
      list[#list + 1] = false
    end
  end
  return list
end

-- How all numbers of one tensor are written: whole, fixed or scientific.
local function style(values)
  local whole, most, least = true, 0, math.huge
  for _, v in ipairs(values) do
    local size = math.abs(v)
    if v == v and size < math.huge then
      whole = whole and v == math.floor(v)
      most = math.max(most, size)
      if size > 0 then least = math.min(least, size) end
    end
  end
  if whole and most < 1e7 then return "%.0f" end
  if most >= 1e5 or (least < 1e-4 and least < math.huge) then return "%.4e" end
  return "%.4f"
end

local function number(v, pattern)
  if v ~= v then return "nan" end
  if v == math.huge then return "inf" end
  if v == -math.huge then return "-inf" end
  local text = pattern:format(v)
  return text == "-0" and "0" or text
end

-- The text of dimension d from element `first` (0-based) on.
local function rows(t, d, first, shape, step, text, lists, indent)
  if d > #shape then return text[first] end
  local parts = {}
  for _, i in ipairs(lists[d]) do
    parts[#parts + 1] = i and rows(t, d + 1, first + (i - 1) * step[d], shape, step, text, lists,
      indent .. " ") or "..."
  end
  local gap = d == #shape and ", " or "," .. ("\n"):rep(math.max(1, #shape - d)) .. indent .. " "
  return "{" .. table.concat(parts, gap) .. "}"
end

local function walk(d, first, shape, step, lists, visit)
  if d > #shape then return visit(first) end
  for _, i in ipairs(lists[d]) do
    if i then walk(d + 1, first + (i - 1) * step[d], shape, step, lists, visit) end
  end
end

--- format.tensor(t: tensor) -> string
--- The text that the prompt and print show for a tensor.
--- > tostring(tensor{1, 2})
--- tensor{1, 2}  -- float32 (2)
function M.tensor(t)
  local shape, step, lists = t:size(), {}, {}
  local after = 1
  for d = #shape, 1, -1 do
    step[d], after = after, after * shape[d]
  end
  for d = 1, #shape do lists[d] = shown(shape[d], after > MOST or shape[d] > 4 * LONG) end
  local values, places = {}, {}
  if after > 0 then
    walk(1, 0, shape, step, lists, function(i)
      values[#values + 1], places[#places + 1] = t:_at(i + 1), i
    end)
  end
  local pattern, text, width = style(values), {}, 0
  for i, v in ipairs(values) do
    text[places[i]] = number(v, pattern)
    width = math.max(width, #text[places[i]])
  end
  if #shape > 1 then
    for i, s in pairs(text) do text[i] = (" "):rep(width - #s) .. s end
  end
  local tail = ("  -- %s (%s)"):format(t:dtype(), table.concat(shape, ", "))
  if #shape == 0 then return "tensor(" .. text[0] .. ")" .. tail end
  if after == 0 then return "tensor{}" .. tail end
  return "tensor" .. rows(t, 1, 0, shape, step, text, lists, (" "):rep(6)) .. tail
end

return M
