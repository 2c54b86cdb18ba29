-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a record keeps of a result: all its bits as one fingerprint, and a few numbers by which
-- a replay on another machine can be compared within a tolerance.

local compare = require("gradus.lesson.compare")
local sandbox = require("gradus.sandbox")

local M = {}

local DEEPEST = 100

-- A table that is met again is not gone into: tables may hold each other, or one a thousand times.
local function bits_of(v, parts, seen, depth)
  if compare.is_tensor(v) then
    parts[#parts + 1] = "t" .. compare.shape_text(v)
    v = v:totable()
  end
  if type(v) == "number" then
    parts[#parts + 1] = v ~= v and "nan" or ("%a"):format(v)
  elseif type(v) == "table" and not seen[v] and depth < DEEPEST and not getmetatable(v) then
    seen[v] = true
    for i = 1, #v do bits_of(v[i], parts, seen, depth + 1) end
  elseif type(v) == "string" or type(v) == "boolean" then
    parts[#parts + 1] = tostring(v)
  else
    parts[#parts + 1] = type(v)
  end
end

-- The sum of all numbers of a nested list, and their smallest and largest.
local function summary(t, into)
  for _, v in ipairs(t) do
    if type(v) == "table" then
      summary(v, into)
    else
      into[1] = into[1] + v
      into[2], into[3] = math.min(into[2], v), math.max(into[3], v)
    end
  end
  return into
end

local function numbers_of(v, list, seen, depth)
  if compare.is_tensor(v) then
    if v:numel() == 0 then return end
    v = v:totable()
    if type(v) == "table" then
      table.move(summary(v, {0, math.huge, -math.huge}), 1, 3, #list + 1, list)
      return
    end
  end
  if type(v) == "number" then
    list[#list + 1] = v
  elseif type(v) == "table" and not seen[v] and depth < DEEPEST and not getmetatable(v) then
    seen[v] = true
    for i = 1, math.min(#v, 8) do numbers_of(v[i], list, seen, depth + 1) end
  end
end

--- digest.of(outcome) -> {bits: string, numbers: {number, ...}}
--- The digest of the values of an outcome; {error = message} if it failed.
function M.of(outcome)
  if not outcome.ok then return {error = tostring(outcome.message)} end
  local parts, numbers, in_parts, in_numbers = {}, {}, {}, {}
  for i = 1, outcome.n or 0 do
    bits_of(outcome[i], parts, in_parts, 0)
    numbers_of(outcome[i], numbers, in_numbers, 0)
  end
  return {bits = sandbox.fingerprint(table.concat(parts, " ")), numbers = numbers}
end

return M
