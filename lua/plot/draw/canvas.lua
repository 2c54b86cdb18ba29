-- SPDX-License-Identifier: GPL-3.0-or-later
-- A rectangle of characters with colours. A cell holds one character or eight
-- braille dots, two across and four down. Columns, rows and dots count from 1.

local colors = require "gradus.plot.draw.colors"

local M = {}
M.__index = M

-- The bit of the dot in column x, row y of a cell (Unicode's order).
local bits = {{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}}

--- canvas.new(columns, rows, {ascii = boolean}) -> canvas
function M.new(columns, rows, o)
  local canvas = setmetatable({columns = columns, rows = rows, ascii = o and o.ascii}, M)
  for r = 1, rows do canvas[r] = {} end
  return canvas
end

function M:cell(column, row)
  if column < 1 or column > self.columns or row < 1 or row > self.rows then return nil end
  local cell = self[row][column]
  if not cell then
    cell = {}
    self[row][column] = cell
  end
  return cell
end

--- Sets one character, and its colours where given.
function M:put(column, row, char, color, background)
  local cell = self:cell(column, row)
  if not cell then return end
  cell.char, cell.color, cell.bits, cell.under = char, color, nil, nil
  cell.background = background or cell.background
end

--- Writes a text from a place to the right; returns the column after it.
function M:write(column, row, text, color)
  for _, code in utf8.codes(text) do
    self:put(column, row, utf8.char(code), color)
    column = column + 1
  end
  return column
end

--- Sets a dot, in a grid twice as wide and four times as high as the characters; over a cell of a
--- heat map (marked `under`) a character, `pen`.
function M:dot(x, y, color)
  local cell = self:cell((x + 1) // 2, (y + 3) // 4)
  if cell and cell.under then
    cell.char, cell.color = self.pen or (self.ascii and "*" or "•"), color
    return
  end
  if not cell or (cell.char and not cell.soft) then return end
  cell.char, cell.soft = nil, nil
  cell.bits = (cell.bits or 0) | bits[(x - 1) % 2 + 1][(y - 1) % 4 + 1]
  cell.color = color
end

--- A straight row of dots; `gap` leaves out every so many.
function M:line(x0, y0, x1, y1, color, gap)
  local steps = math.max(math.abs(x1 - x0), math.abs(y1 - y0), 1)
  for i = 0, steps do
    if not gap or i % 6 < 3 then
      self:dot(math.floor(x0 + (x1 - x0) * i / steps + 0.5),
        math.floor(y0 + (y1 - y0) * i / steps + 0.5), color)
    end
  end
end

-- Upper half, lower half, both.
local function ascii_dots(set)
  local upper, lower = set & 0x1b ~= 0, set & 0xe4 ~= 0
  return upper and lower and ":" or upper and "'" or "."
end

local function cell_char(canvas, cell)
  if cell.char then return cell.char end
  if not cell.bits then return " " end
  if canvas.ascii then return ascii_dots(cell.bits) end
  return utf8.char(0x2800 + cell.bits)
end

local function color_change(mode, cell, now)
  if cell.color == now.color and cell.background == now.background then return "" end
  local out = (now.color or now.background) and colors.reset or ""
  now.color, now.background = cell.color, cell.background
  if now.color then out = out .. colors.escape(mode, now.color) end
  if now.background then out = out .. colors.escape(mode, now.background, true) end
  return out
end

local empty = {}

-- Ends at the last cell that shows something.
local function row_text(canvas, row, mode)
  local parts, now, last = {}, {}, 0
  for c = 1, canvas.columns do
    local cell = row[c] or empty
    local char = cell_char(canvas, cell)
    parts[#parts + 1] = (mode and color_change(mode, cell, now) or "") .. char
    if char ~= " " or (mode and cell.background) then last = #parts end
  end
  local text = table.concat(parts, "", 1, last)
  return mode and text:find("\27", 1, true) and text .. colors.reset or text
end

--- canvas:lines(mode) -> {string, ...}; mode nil (no escapes), "16", "256" or "true"
function M:lines(mode)
  local lines = {}
  for r = 1, self.rows do lines[r] = row_text(self, self[r], mode) end
  return lines
end

return M
