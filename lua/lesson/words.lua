-- SPDX-License-Identifier: GPL-3.0-or-later
-- Answers in words, where a number is wanted: "eight", "8 neurons", "about 5", "I don't know". They are
-- no Lua, and what Lua would say about them helps nobody.

local M = {}

local function is_incomplete(why) return why:find("near <eof>$") ~= nil end

-- The word with which a text begins, if that may be a name.
local function first_name(text)
  local name = text:match("^%s*([%a_][%w_]*)")
  return name and load("local " .. name) and name
end

local function is_known(name, world)
  return rawget(world.vars, name) ~= nil or rawget(_G, name) ~= nil
    or require("gradus.init").is_part[name] or false
end

--- words.is_no_code(text: string) -> boolean
--- Whether a text is neither Lua nor its beginning, whatever names stand in it.
--- > words = require("gradus.lesson.words")
--- > words.is_no_code("dead units"), words.is_no_code("dead(h)"), words.is_no_code("for i = 1, 3 do")
--- true	false	false
function M.is_no_code(text)
  local value, why_no_value = load("return " .. text, "=words", "t")
  local chunk, why_no_chunk = load(text, "=words", "t")
  if value or chunk then return false end
  return not is_incomplete(why_no_value) and not is_incomplete(why_no_chunk)
end

--- words.is_prose(text: string, world: World) -> boolean
--- Whether a text is words rather than Lua or its beginning.
--- > words, world = require("gradus.lesson.words"), {vars = {}}
--- > words.is_prose("8 neurons", world), words.is_prose("eight", world)
--- true	true
--- > words.is_prose("six or so", world), words.is_prose("print 8", world)
--- true	false
--- > words.is_prose("if x then", world), words.is_prose("x:sum()", world), words.is_prose("8 * 4", world)
--- false	false	false
function M.is_prose(text, world)
  if not text:find("%a") or text:find("[^%w%s.,'!?%%-]") then return false end
  local name = first_name(text)
  if name then return not is_known(name, world) end
  return M.is_no_code(text)
end

-- Without capitals and the s of a plural.
local function plain(word)
  return (word:lower():gsub("%.$", ""):gsub("s$", ""))
end

--- words.is_unit(text: string, unit: string?) -> boolean
--- Whether what stands behind a number is the unit of the step, or its first word.
--- > words = require("gradus.lesson.words")
--- > words.is_unit("neuron", "neurons"), words.is_unit("ms", "s"), words.is_unit("rows", "rows of x")
--- true	false	true
function M.is_unit(text, unit)
  if not unit then return false end
  local given = plain(text)
  if unit == "%" and (given == "percent" or given == "per cent") then return true end
  return given == plain(unit) or given == plain(unit:match("^%S*"))
end

--- words.in_unit(unit: string?) -> string
--- ", in UNIT" where there is one.
function M.in_unit(unit)
  return unit and ", in " .. unit or ""
end

return M
