-- SPDX-License-Identifier: GPL-3.0-or-later
-- The one way by which a user's words reach gnuplot. Inside '...' gnuplot
-- knows neither backslashes nor back quotes; only the quote itself and the
-- end of the line matter. So the quote becomes an apostrophe (U+2019) and
-- control bytes, line ends among them, become spaces: nothing can leave the
-- string. (A doubled quote would do, but gnuplot 5.4 takes the first two of
-- three quotes for an empty string when a text begins with one.) File names of a
-- user never reach gnuplot: it writes into a private folder, and the library copies
-- from there.

local M = {}

-- A title longer than this does not fit any screen.
local longest = 400

-- Bytes that are not UTF-8 would spoil an svg and stop the cairo terminals.
local function valid_utf8(s)
  if utf8.len(s) then return s end
  local parts, i = {}, 1
  while i <= #s do
    local _, bad = utf8.len(s, i)
    if not bad then
      parts[#parts + 1] = s:sub(i)
      break
    end
    parts[#parts + 1] = s:sub(i, bad - 1) .. "?"
    i = bad + 1
  end
  return table.concat(parts)
end

-- Cut at a character, not in the middle of one.
local function shorten(s)
  if utf8.len(s) <= longest then return s end
  return s:sub(1, utf8.offset(s, longest) - 1) .. "..."
end

--- What is left of a text when it is to be shown on one line.
function M.clean(value)
  local s = tostring(value)
  if s:find("\0", 1, true) then
    error("a text in a picture has a zero byte in it", 0)
  end
  s = valid_utf8(s):gsub("[\1-\31\127]", " ")
  -- The control characters U+0080 to U+009F, and the line ends of Unicode.
  s = s:gsub("\194[\128-\159]", " "):gsub("\226\128[\168\169]", " ")
  return shorten(s)
end

--- The text as a string of gnuplot.
function M.text(value)
  return "'" .. M.clean(value):gsub("'", "’") .. "'"
end

--- The same for labels of tics, which gnuplot takes as a format: % is doubled.
function M.tick(value)
  return (M.text(value):gsub("%%", "%%%%"))
end

local raised = {[0x207b] = "-", [0xb9] = "1", [0xb2] = "2", [0xb3] = "3"}
for digit = 0, 9 do raised[0x2070 + digit] = tostring(digit) end

-- A letter as Latin-1 has it, or nil.
local function latin_letter(code)
  if code == 0x2019 then return "\180" end -- what stands for a quote
  return code < 256 and string.char(code) or nil
end

--- quote.latin(text: string, all: boolean) -> string | nil
--- Commands in Latin-1: letters that have no place there become ? with `all`, else there is no such text. Powers are
--- written as 1e-3.
function M.latin(text, all)
  local parts, n, power = {}, 0, false
  for _, code in utf8.codes(text) do
    local digit = raised[code]
    if digit and not power and parts[n] == "0" and parts[n - 1] == "1" then parts[n], power = "e", true end
    power = power and digit ~= nil
    n = n + 1
    parts[n] = power and digit or latin_letter(code) or all and "?"
    if not parts[n] then return nil end
  end
  return table.concat(parts)
end

return M
