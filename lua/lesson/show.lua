-- SPDX-License-Identifier: GPL-3.0-or-later
-- Draws the blocks of a run as lines for a terminal of a given width. Without colour the output
-- holds no escape byte.

local markup = require("gradus.lesson.markup")
local wrap = require("gradus.repl.wrap")

local M = {}

local function paragraph(text, o)
  return markup.terminal(text, o)
end

-- Text after a mark, its further lines indented to match.
local function marked(mark, style, text, o)
  local width = utf8.len(mark) + 1
  local body = markup.terminal(text, {width = o.width - width, colour = o.colour})
  body = body:gsub("\n", "\n" .. (" "):rep(width)):gsub("\n +\n", "\n\n")
  return markup.paint(style, mark, o.colour) .. " " .. body
end

-- Where a line of code may be broken: at a space in no string, in as few brackets as can be, better
-- behind a comma than elsewhere, and late. Also whether it stands in a comment.
local function place_to_break(line, width)
  local quote, comment, best
  local depth, least = 0, math.huge
  for i = #line:match("^ *") + 1, math.min(#line, width + 1) do
    local c = line:sub(i, i)
    if quote then
      if c == quote and line:sub(i - 1, i - 1) ~= "\\" then quote = nil end
    elseif c == " " then
      local cost = comment and 0 or 2 * depth + (line:sub(i - 1, i - 1) == "," and 0 or 1)
      if i < width / 2 then best = {i, comment}
      elseif cost <= least then best, least = {i, comment}, cost end
    elseif not comment then -- where brackets and quotes mean nothing
      if c == '"' or c == "'" then quote = c
      elseif c:find("[%(%[{]") then depth = depth + 1
      elseif c:find("[%)%]}]") then depth = depth - 1
      elseif line:find("^%-%-", i) then comment = true
      end
    end
  end
  return best
end

-- The indent of what is broken off a line: where a list goes on in the next line, that of its
-- other lines, so that they stay below each other.
local function indent_after(line, follower)
  local own, next_one = #line:match("^ *"), #follower:match("^ *")
  local goes_on = line:find("[,({=]%s*$") and follower:find("%S") and next_one >= own
  return (" "):rep(goes_on and next_one or own + 4)
end

-- A line of code as lines that fit.
local function fold(line, follower, width, into)
  local indent, hanging = line:match("^ *"), indent_after(line, follower)
  while #line > width do
    local at = place_to_break(line, width)
    if not at or at[1] <= #indent + 4 then break end
    into[#into + 1] = line:sub(1, at[1] - 1)
    line = hanging .. (at[2] and "-- " or "") .. line:sub(at[1] + 1)
  end
  into[#into + 1] = line
end

local function code_lines(source, o)
  local lines, folded = {}, {}
  for line, at in (source .. "\n"):gmatch("(.-)\n()") do
    fold(line, source:match("^[^\n]*", at) or "", o.width - 4, folded)
  end
  for _, line in ipairs(folded) do
    lines[#lines + 1] = markup.paint("dim", "  | ", o.colour)
      .. markup.paint("code", line, o.colour)
  end
  return table.concat(lines, "\n")
end

local function number_text(v)
  return type(v) == "number" and ("%.5g"):format(v) or "your points"
end

--- show.values(list: {n = integer, ...}, width: integer) -> string
--- Values as the prompt prints them.
function M.values(list, width)
  return require("gradus.repl.show").results(list, width)
end

local draw = {}

function draw.title(b, o)
  local lesson = b.lesson
  local about = {}
  if lesson.topic then about[#about + 1] = lesson.topic end
  if lesson.minutes then about[#about + 1] = ("about %d minutes"):format(lesson.minutes) end
  local line = ("="):rep(math.min(o.width, 80))
  return table.concat({line, markup.paint("em", lesson.title, o.colour),
    wrap.lines(table.concat(about, ", "), o.width), line}, "\n")
end

function draw.text(b, o) return "\n" .. paragraph(b.text, o) end

function draw.code(b, o)
  local caption = b.caption and b.caption .. "\n" or ""
  return "\n" .. caption .. code_lines(b.source, o)
end

function draw.output(b) return b.text end

function draw.result(b, o)
  return M.values(b, o.width)
end

function draw.error(b, o)
  return wrap.lines(markup.paint("bad", "error: ", o.colour) .. b.text, o.width)
end

function draw.figure(b, o)
  local caption = paragraph(b.caption or "", o)
  if o.figure then return o.figure(b, caption) end
  return b.figure:text{columns = math.min(o.width, 80), rows = 20} .. "\n" .. caption
end

function draw.pause(b, o) return "\n" .. markup.paint("dim", "-- " .. b.text, o.colour) end

function draw.question(b, o)
  local parts = {"\n" .. marked("?", "em", b.text, o)}
  for i, c in ipairs(b.choices or {}) do
    parts[#parts + 1] = marked(("   %d)"):format(i), "em", c.text, o)
  end
  parts[#parts + 1] = markup.paint("dim", "  " .. b.how, o.colour)
  return table.concat(parts, "\n")
end

function draw.try(b, o)
  local parts = {"\n" .. marked("~", "em", b.text, o)}
  for _, code in ipairs(b.suggest) do parts[#parts + 1] = code_lines(code, o) end
  parts[#parts + 1] = markup.paint("dim", "  Play as long as you like; :next goes on.", o.colour)
  return table.concat(parts, "\n")
end

function draw.right(b, o)
  return marked("+", "good", (b.first and "Right at once." or "Right.")
    .. (b.text and " " .. b.text or ""), o)
end

-- Each line of a text by itself.
local function lines_of(text, f)
  local lines = {}
  for line in text:gmatch("[^\n]+") do lines[#lines + 1] = f(line) end
  return table.concat(lines, "\n")
end

function draw.explain(b, o)
  return lines_of(b.text, function(line) return marked("+", "good", line, o) end)
end

function draw.wrong(b, o)
  return marked("-", "bad", "Not yet. " .. (b.text or ""), o)
end

function draw.hint(b, o)
  return marked(("hint %d of %d:"):format(b.n, b.of), "em", b.text, o)
end

function draw.note(b, o) return paragraph(b.text, o) end

function draw.answer(b, o)
  return lines_of(b.text, function(line) return paragraph(line, o) end)
end

function draw.variant(b, o)
  return "\nThe author's way, and another:\n" .. code_lines(markup.dedent(b.solution), o) .. "\n\n"
    .. code_lines(markup.dedent(b.variant), o)
end

function draw.reveal(b)
  local unit = b.unit and " " .. b.unit or ""
  if type(b.truth) ~= "number" then
    return b.score and ("Your sketch: %d of 100 points."):format(b.score) or ""
  end
  local truth = ("It is %s%s."):format(number_text(b.truth), unit)
  if not b.score then return truth end
  return ("You said %s. %s %d of 100 points."):format(number_text(b.guess), truth, b.score)
end

draw["end"] = function(b, o)
  local s = b.score
  local line = ("="):rep(math.min(o.width, 80))
  local score = s.asked > 0 and ("%d of %d questions answered right, %d at once, %d skipped.")
    :format(s.right, s.asked, s.first, s.skipped) or ""
  return table.concat({"", line, "The end: " .. b.lesson.title, score, line}, "\n")
end

--- show.block(block, {width: integer, colour: boolean, figure: function}) -> string
--- The lines of a block, "" for none. figure(block, caption) shows a picture in its own way.
function M.block(block, o)
  o.width = o.width or 80
  return draw[block.kind](block, o)
end

return M
