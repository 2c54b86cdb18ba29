-- SPDX-License-Identifier: GPL-3.0-or-later
-- A table drawn with characters, a row a layer: its name, a row of small bars, some numbers. What pictures of
-- many layers are on a terminal.

local colors = require "gradus.plot.draw.colors"
local quote = require "gradus.plot.quote"
local themes = require "gradus.plot.theme"

local M = {}

local blocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"}
local ascii_blocks = {".", ":", "-", "=", "+", "*", "#", "@"}

-- Bars of small blocks, `high` rows of them, the top one first. What is no number has none.
local function bars(heights, high, ascii)
  local most, lines = 1e-300, {}
  for _, v in ipairs(heights) do most = math.max(most, v < math.huge and v or 0) end
  for row = 1, high do
    local list, below = {}, 8 * (high - row)
    for b, v in ipairs(heights) do
      local level = v > 0 and v < math.huge and math.max(1, math.ceil(8 * high * v / most)) or 0
      level = math.min(8, level - below)
      list[b] = level <= 0 and " " or (ascii and ascii_blocks or blocks)[level]
    end
    lines[row] = table.concat(list)
  end
  return lines
end

local function pad(text, n)
  local length = utf8.len(text)
  if length > n then return text:sub(1, utf8.offset(text, n) - 1) .. "~" end
  return text .. (" "):rep(n - length)
end

local function colored(text, mode)
  if not mode then return text end
  return colors.escape(mode, themes.terminal.series[1]) .. text .. colors.reset
end

-- The rows a layer may take: one, or on a whole screen what there is, with a free one between.
local function rows_a_layer(n, o)
  if not o.fill then return 1, false end
  local each = math.min(9, (o.rows - 5) // n)
  if each < 3 then return math.max(1, each), false end
  return each - 1, true
end

local cells_format = "%9s %9s %6s %6s"

-- A layer's lines: its bars, beside the last line of them the name and the numbers.
local function add_layer(lines, row, o, wide)
  local high, gap = rows_a_layer(wide.layers, o)
  local spark = bars(row.heights(wide.bars), high, o.ascii)
  if gap then lines[#lines + 1] = "" end
  for i = 1, high - 1 do
    lines[#lines + 1] = (" "):rep(wide.name + 1) .. colored((spark[i]:gsub(" +$", "")), o.mode)
  end
  lines[#lines + 1] = ("%s %s %s%s"):format(pad(row.name, wide.name), colored(spark[high], o.mode),
    cells_format:format(table.unpack(row.cells)), row.after or "")
end

--- rows.text(title, head, {four headings}, list, read) -> function, for a figure's rows_of_text
--- head(ascii, n) stands above the n bars; read(entry) gives {name, heights, cells, after}: heights(n) is a list of n
--- numbers, cells are four short texts.
function M.text(title, head, headings, list, read)
  return function(_, o)
    local rows, wide = {}, {name = 5, layers = #list}
    for i, entry in ipairs(list) do
      rows[i] = read(entry)
      rows[i].name = quote.clean(rows[i].name)
      wide.name = math.max(wide.name, utf8.len(rows[i].name))
    end
    wide.name = math.min(wide.name, 24)
    wide.bars = math.max(10, math.min(o.fill and math.huge or 60, o.columns - wide.name - 36))
    local lines = {quote.clean(title)}
    lines[2] = ("%s %s %s"):format(pad("layer", wide.name), pad(head(o.ascii, wide.bars), wide.bars),
      cells_format:format(table.unpack(headings)))
    for _, row in ipairs(rows) do add_layer(lines, row, o, wide) end
    return lines
  end
end

return M
