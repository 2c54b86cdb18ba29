-- SPDX-License-Identifier: GPL-3.0-or-later
-- Points: {kind = "points", x, y, name, color, shape, size}; shape 1 to 6, or a letter or digit
-- that is drawn in place of each. With `values` (one a point) and `bar` (their name) the colour tells
-- a third number.

local cells = require "gradus.plot.mark.cells"
local figure = require "gradus.plot.figure"
local quote = require "gradus.plot.quote"
local values = require "gradus.plot.values"

local M = {lists = {"x", "y"}}

-- Full ones first: disc, square, triangle, rhombus; then open disc and cross.
local shapes = {7, 5, 9, 13, 6, 2}
local letters = {"o", "x", "+", "*", "#", "@"}

function M.extent(mark, fig)
  return figure.extent_of(fig, {mark.x}, {mark.y})
end

local function letter_of(mark)
  if type(mark.shape) == "string" then return mark.shape end
  return letters[((mark.shape or 1) - 1) % #letters + 1]
end

local function shape_of(mark)
  if type(mark.shape) == "string" then return quote.text(mark.shape:match(utf8.charpattern)) end
  return shapes[((mark.shape or 1) - 1) % #shapes + 1]
end

local function size(n)
  return n > 5000 and 0.25 or n > 800 and 0.5 or n > 200 and 0.9 or 1.3
end

-- The marks of cells know about palettes.
local function as_cells(mark)
  return {z = {mark.values}, bar = mark.bar, palette = mark.palette}
end

function M.color_range(mark)
  return cells.color_range(as_cells(mark))
end

function M.palettes(mark) return mark.values and 1 or 0 end

function M.gnuplot(mark, script, fig)
  local lo = M.extent(mark, fig)
  if mark.values and lo then
    cells.set_scale(as_cells(mark), script)
    script:plot(("%s using 1:2:3 with points pt 7 ps %g lc palette"):format(
      script:columns {mark.x, mark.y, mark.values}, script:dot(mark.size or 2)), mark.name)
    return
  end
  local how = ("with points pt %s ps %g lw 1.5 lc %s"):format(shape_of(mark),
    script:dot(mark.size or size(#mark.x)),
    script:color(mark.color or 1))
  if not lo then
    script:plot("NaN " .. how, mark.name)
    return
  end
  local x, y = values.thin_cloud(mark.x, mark.y)
  script:plot(("%s using 1:2 %s"):format(script:columns {x, y}, how), mark.name)
end

local function draw_values(mark, area)
  local row = as_cells(mark)
  local lo, hi = cells.color_range(row)
  for i = 1, #mark.x do
    local color = cells.color(row, mark.values[i], lo, hi)
    local digit = color and math.floor(9 * (mark.values[i] - lo) / (hi - lo) + 0.5) or "?"
    area:char(mark.x[i], mark.y[i], area.mode and "o" or tostring(digit), color or "dim")
  end
end

function M.draw(mark, area)
  if mark.values then return draw_values(mark, area) end
  local x, y = values.thin_cloud(mark.x, mark.y)
  local letter = letter_of(mark)
  mark = {color = mark.color or 1, char = #x <= 400 and letter or nil}
  for i = 1, #x do
    if mark.char then
      area:char(x[i], y[i], letter, mark.color)
    else
      area:dot(x[i], y[i], mark.color)
    end
  end
end

--- The sign before the name in a legend drawn as text.
function M.sign(mark)
  return letter_of(mark)
end

return M
