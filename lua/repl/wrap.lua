-- SPDX-License-Identifier: GPL-3.0-or-later
-- Breaks long lines between words, where a terminal would cut through them.

local M = {}

-- Columns of a text; escape sequences take none.
local function columns(text)
  local plain = text:gsub("\27%[[%d;]*m", "")
  return utf8.len(plain) or #plain
end

local function break_line(line, width, hanging, into)
  local text = line:match("^ *")
  local blank = true -- nothing but the indent stands in `text`
  for word, gap in line:gmatch("(%S+)( *)") do
    if not blank and columns(text) + columns(word) > width then
      into[#into + 1] = (text:gsub(" +$", ""))
      text = (" "):rep(hanging)
    end
    text, blank = text .. word .. gap, false
  end
  into[#into + 1] = (text:gsub(" +$", ""))
end

--- wrap.lines(text: string, width: integer, hanging?: integer) -> string
--- The text with every line broken that is longer than `width`; what follows a break is indented
--- by `hanging` columns, else as its line is.
--- > require("gradus.repl.wrap").lines("one two three", 8)
--- one two
--- three
--- > require("gradus.repl.wrap").lines(":help  lists the commands", 20, 7)
--- :help  lists the
---        commands
function M.lines(text, width, hanging)
  local lines = {}
  for line in (text .. "\n"):gmatch("(.-)\n") do
    if columns(line) > width then
      local start = line:match("^ *tensor{+") or line:match("^ *{*") -- numbers stay below numbers
      break_line(line, width, hanging or #start, lines)
    else
      lines[#lines + 1] = line
    end
  end
  return table.concat(lines, "\n")
end

return M
