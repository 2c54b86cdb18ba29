-- SPDX-License-Identifier: GPL-3.0-or-later
-- The part of a canvas where the marks are: takes the numbers of the axes and
-- puts dots and characters. Each mark draws itself with these few methods.

local themes = require "gradus.plot.theme"
local values = require "gradus.plot.values"

local M = {}
M.__index = M

local eighths = {[0] = " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"}
local sideways = {[0] = " ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"}
local shades = {[0] = " ", "░", "▒", "▓", "█"}
local ascii_shades = {[0] = " ", ".", ":", "-", "=", "+", "*", "#", "%", "@"}

--- area.new{canvas, column, row, columns, rows, frame, fig, mode}
--- `column` and `row` are the first of the area; frame holds what the axes show.
function M.new(fields)
  return setmetatable(fields, M)
end

local function share(v, range, log)
  if log then
    if v <= 0 then return 0 / 0 end
    return math.log(v / range[1]) / math.log(range[2] / range[1])
  end
  return (v - range[1]) / (range[2] - range[1])
end

--- The place of a number as a share of the width (of the height, from below).
function M:share_x(x)
  local s = share(x, self.frame.x, self.fig.x.log)
  return self.fig.x.reverse and 1 - s or s
end

function M:share_y(y)
  local s = share(y, self.frame.y, self.fig.y.log)
  return self.fig.y.reverse and 1 - s or s
end

function M.color(_, which)
  if which == "text" then return nil end
  return themes.color(themes.terminal, which)
end

-- Dots of the canvas; far outside is brought near, so that lines stay short.
local function near(v)
  return math.max(-1, math.min(2, v))
end

function M:dots(x, y)
  if not (values.is_finite(x) and values.is_finite(y)) then return nil end
  local sx, sy = self:share_x(x), self:share_y(y)
  if sx ~= sx or sy ~= sy then return nil end
  sx, sy = near(sx), near(sy)
  return (self.column - 1) * 2 + 1 + math.floor(sx * (self.columns * 2 - 1) + 0.5),
    (self.row - 1) * 4 + 1 + math.floor((1 - sy) * (self.rows * 4 - 1) + 0.5)
end

function M:inside_dot(x, y)
  return x > (self.column - 1) * 2 and x <= (self.column - 1 + self.columns) * 2 and
    y > (self.row - 1) * 4 and y <= (self.row - 1 + self.rows) * 4
end

--- The cell of a point, nil outside the axes.
function M:place(x, y)
  local dx, dy = self:dots(x, y)
  if not dx or not self:inside_dot(dx, dy) then return nil end
  return (dx + 1) // 2, (dy + 3) // 4
end

function M:dot(x, y, color)
  local dx, dy = self:dots(x, y)
  if dx and self:inside_dot(dx, dy) then self.canvas:dot(dx, dy, self:color(color)) end
end

--- A straight line; nothing where an end is not finite.
function M:line(x0, y0, x1, y1, color, dash)
  local a, b = self:dots(x0, y0)
  local c, d = self:dots(x1, y1)
  if not a or not c then return end
  local steps = math.max(math.abs(c - a), math.abs(d - b), 1)
  local shown = self:color(color)
  for i = 0, steps do
    local x = math.floor(a + (c - a) * i / steps + 0.5)
    local y = math.floor(b + (d - b) * i / steps + 0.5)
    if self:inside_dot(x, y) and (not dash or (x + y) % 6 < 3) then self.canvas:dot(x, y, shown) end
  end
end

function M:char(x, y, char, color)
  local column, row = self:place(x, y)
  if column then self.canvas:put(column, row, char, self:color(color)) end
end

--- Without colours, curves are told apart by letters on them.
function M:letters(mark, x, y)
  if self.mode or not mark.letter then return end
  local step = math.max(1, #x // 6)
  local first = math.max(1, (step // 2 + (mark.letter_no or 0) * step // 5) % step + 1)
  for i = math.min(first, #x), #x, step do self:char(x[i], y[i], mark.letter, mark.color or 1) end
end

--- Words at a point; kept within the area.
function M:words(x, y, text, color, align)
  local column, row = self:place(x, y)
  if not column then return end
  local length = utf8.len(text)
  if align == "center" then column = column - length // 2 end
  if align == "right" then column = column - length end
  column = math.max(self.column, math.min(column, self.column + self.columns - length))
  local shown = tostring(color):match("^#") and color or self:color(color)
  self.canvas:write(column, row, text, shown)
end

--- A line across; characters already there stay.
function M:rule(x, y, color)
  local shown = self:color(color)
  local function soft(column, row, char)
    local cell = self.canvas:cell(column, row)
    if cell and not cell.char and not cell.bits then
      cell.char, cell.color, cell.soft = char, shown, true
    end
  end
  if x then
    local column = self:place(x, self.frame.y[1])
    for r = 1, column and self.rows or 0 do
      soft(column, self.row + r - 1, self.canvas.ascii and ":" or "┊")
    end
  else
    local _, row = self:place(self.frame.x[1], y)
    for c = 1, row and self.columns or 0 do
      soft(self.column + c - 1, row, self.canvas.ascii and "-" or "┄")
    end
  end
end

-- Rows from below and eighths of a row that a share of the height fills.
local function split(s, n)
  local filled = math.max(0, math.min(1, s)) * n * 8
  filled = math.floor(filled + 0.5)
  return filled // 8, filled % 8
end

local function first_last(s0, s1, n)
  local a, b = math.min(s0, s1), math.max(s0, s1)
  local first = math.floor(a * n + 0.5 + 1e-9) + 1
  return math.max(1, first), math.min(n, math.max(first, math.floor(b * n + 0.5 + 1e-9)))
end

--- An upright bar from `base` to `top`, as wide as x0 to x1.
function M:bar(x0, x1, base, top, color)
  local shown = self:color(color)
  local first, last = first_last(self:share_x(x0), self:share_x(x1), self.columns)
  local from, to = self:share_y(base), self:share_y(top)
  if from ~= from then from = 0 end
  if to ~= to then return end
  if to < from then
    self:hanging_bar(first, last, from, to, shown)
    return
  end
  local skip = math.floor(math.max(0, from) * self.rows + 0.5)
  local whole, rest = split(to, self.rows)
  if whole == skip and rest == 0 and to > from then rest = 1 end
  for c = first, last do
    for r = skip + 1, whole do self:block(c, r, self.canvas.ascii and "#" or "█", shown) end
    if rest > 0 and whole >= skip then
      local tip = self.canvas.ascii and (rest > 3 and "#" or "_") or eighths[rest]
      self:block(c, whole + 1, tip, shown)
    end
  end
end

function M:hanging_bar(first, last, from, to, shown)
  local top = math.floor(math.min(1, from) * self.rows + 0.5)
  local low = math.floor(math.max(0, to) * self.rows + 0.5)
  for c = first, last do
    for r = low + 1, math.max(top, low + 1) do
      self:block(c, r, self.canvas.ascii and "#" or "█", shown)
    end
  end
end

-- Column from the left, row from below, both counted from 1 in the area. Where a second histogram
-- lies over a first one, both show: a half-tone, in the colours of both.
function M:block(column, row, char, shown)
  if column < 1 or column > self.columns or row < 1 or row > self.rows then return end
  column, row = self.column + column - 1, self.row + self.rows - row
  char = self.pattern or char
  local below = self.overlay and self.canvas:cell(column, row)
  if not below then
    self.canvas:put(column, row, char, shown)
  elseif below.char and below.char ~= " " and not below.soft then
    self.canvas:put(column, row, self.canvas.ascii and "%" or "▒", shown, self.mode and below.color)
  else
    self.canvas:put(column, row, self.mode and char or self.overlay, shown)
  end
end

--- A lying bar.
function M:flat_bar(y0, y1, base, top, color)
  local shown = self:color(color)
  local first, last = first_last(self:share_y(y0), self:share_y(y1), self.rows)
  local from, to = self:share_x(base), self:share_x(top)
  if from ~= from then from = 0 end
  if to < from then from, to = to, from end
  local skip = math.floor(math.max(0, from) * self.columns + 0.5)
  local whole, rest = split(to, self.columns)
  if whole <= skip and rest == 0 and to > from then rest = 1 end
  for r = first, last do
    for c = skip + 1, whole do self:block(c, r, self.canvas.ascii and "=" or "█", shown) end
    if rest > 0 then
      local tip = self.canvas.ascii and (rest > 3 and "=" or "|") or sideways[rest]
      self:block(whole + 1, r, tip, shown)
    end
  end
end

-- Fills the free cells of one column between two shares of the height.
function M:fill_column(column, low, high, char, shown)
  if low > high then low, high = high, low end
  if low >= 1 then return end -- above the area stands the legend
  local from = math.min(self.rows, math.floor(math.max(0, low) * self.rows + 0.5) + 1)
  local to = math.floor(math.min(1, high) * self.rows + 0.5)
  for r = from, math.max(to, high > low and low >= 0 and low < 1 and from or to) do
    local cell = self.canvas:cell(self.column + column - 1, self.row + self.rows - r)
    if cell and not cell.char and not cell.bits then
      cell.char, cell.color, cell.soft = char, shown, true
    end
  end
end

--- The space between two curves, from x0, where it goes from lo0 to hi0, to x1.
function M:shade(x0, x1, lo0, hi0, lo1, hi1, color)
  local a, b = self:share_x(x0), self:share_x(x1)
  local l0, h0, l1, h1 = self:share_y(lo0), self:share_y(hi0), self:share_y(lo1), self:share_y(hi1)
  local sum = a + b + l0 + h0 + l1 + h1
  if not values.is_finite(sum) then return end
  local char, shown = self.canvas.ascii and "." or "░", self:color(color)
  local first = math.max(1, math.floor(a * self.columns) + 1)
  for c = first, math.min(self.columns, math.ceil(b * self.columns)) do
    local t = b > a and math.max(0, math.min(1, ((c - 0.5) / self.columns - a) / (b - a))) or 0
    self:fill_column(c, l0 + (l1 - l0) * t, h0 + (h1 - h0) * t, char, shown)
  end
end

--- The space under a curve, in braille.
function M:column_fill(x0, x1, base, top, color)
  local a, low = self:dots(x0, base)
  local b, high = self:dots(x1, top)
  if not a or not b then return end
  for x = a, b do
    for y = math.min(low, high), math.max(low, high) do
      if self:inside_dot(x, y) then self.canvas:dot(x, y, self:color(color)) end
    end
  end
end

-- The shade of a number without colours: dark is high. Classes have a shade each.
local function shade_of(area, mark, v, lo, hi)
  if not values.is_finite(v) or (mark.log and v <= 0) then return "?" end
  local t = mark.log and math.log(v / lo) / math.log(hi / lo) or (v - lo) / (hi - lo)
  local list = area.canvas.ascii and ascii_shades or shades
  if mark.palette == "soft" then return list[math.floor(v - 0.5) % (#list + 1)] end
  return list[math.max(0, math.min(#list, math.floor(t * (#list + 1))))]
end

-- The entry of the matrix that is shown at a share of width and height.
local function entry(area, mark, x, y, sx, sy)
  local f = area.frame
  if area.fig.y.reverse then sy = 1 - sy end
  local at_x = f.x[1] + sx * (f.x[2] - f.x[1])
  local at_y = f.y[1] + sy * (f.y[2] - f.y[1])
  local row = mark.z[math.floor((at_y - y[1]) / y[2] + 0.5) + 1]
  return row and row[math.floor((at_x - x[1]) / x[2] + 0.5) + 1]
end

--- A matrix: with colours two entries a character, one above the other; else shades.
function M:cells(mark, x, y, color_of, lo, hi)
  for r = 1, self.rows do
    for c = 1, self.columns do
      local sx = (c - 0.5) / self.columns
      local upper = entry(self, mark, x, y, sx, 1 - (r - 0.75) / self.rows)
      local lower = entry(self, mark, x, y, sx, 1 - (r - 0.25) / self.rows)
      local column, row = self.column + c - 1, self.row + r - 1
      if upper and self.mode and self.mode ~= "16" and not self.canvas.ascii then
        self:half_blocks(column, row, color_of(upper), lower and color_of(lower), mark.clear)
      elseif upper and (not mark.clear or type(upper) == "number" and upper == upper) then
        self.canvas:put(column, row, shade_of(self, mark, upper, lo, hi), nil)
      end
      local cell = self.canvas:cell(column, row)
      if cell then cell.under = cell.char ~= nil end
    end
  end
  if mark.labels then self:cell_labels(mark, x, y, color_of) end
end

-- Where a colour is nil: gray, or nothing if `clear`.
function M:half_blocks(column, row, upper, lower, clear)
  if not clear then upper, lower = upper or "#808080", lower or "#808080" end
  if upper then
    self.canvas:put(column, row, "▀", upper, lower)
  elseif lower then
    self.canvas:put(column, row, "▄", lower)
  end
end

function M:cell_labels(mark, x, y, color_of)
  for i, labels in ipairs(mark.labels) do
    for j, text in ipairs(labels) do
      local column, row = self:place(x[1] + (j - 1) * x[2], y[1] + (i - 1) * y[2])
      local back = color_of(mark.z[i][j]) or "#808080"
      local start = (column or 0) - utf8.len(text) // 2
      for k = 1, column and utf8.len(text) or 0 do
        local char = text:sub(utf8.offset(text, k), utf8.offset(text, k + 1) - 1)
        self.canvas:put(start + k - 1, row, char, self.mode and themes.contrast(back),
          self.mode and back)
      end
    end
  end
end

return M
