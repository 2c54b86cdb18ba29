-- SPDX-License-Identifier: GPL-3.0-or-later
-- A curve: {kind = "line", x, y, name, color, width, dash, points, steps, fill, faint,
-- screen_only (not in text), lost}
-- Where a value is not finite the curve has a gap and, if `lost`, a cross before it.

local dashes = require "gradus.plot.dashes"
local figure = require "gradus.plot.figure"
local values = require "gradus.plot.values"

local M = {lists = {"x", "y"}}

-- The last finite point before each gap.
local function crosses(mark, fig)
  local x, y = {}, {}
  for i = 1, #mark.y - 1 do
    local ok = values.is_finite(mark.y[i]) and not (fig.y.log and mark.y[i] <= 0)
    if ok and not values.is_finite(mark.y[i + 1]) then
      x[#x + 1], y[#y + 1] = mark.x[i], mark.y[i]
    end
  end
  return x, y
end

-- Values without a place on a log axis are gaps, too.
local function on_axes(mark, fig)
  if not fig.x.log and not fig.y.log then return mark.x, mark.y end
  local x, y = {}, {}
  for i = 1, #mark.x do
    local ok = not (fig.x.log and mark.x[i] <= 0) and not (fig.y.log and mark.y[i] <= 0)
    x[i], y[i] = mark.x[i], ok and mark.y[i] or 0 / 0
  end
  return x, y, nil, fig.x.log
end

function M.extent(mark, fig)
  return figure.extent_of(fig, {mark.x}, {mark.y})
end

local function style(mark, script)
  if mark.fill then
    return ("with filledcurves y=%s lc %s fs transparent solid %g"):format(
      script.number(mark.fill), script:color(mark.color or 1), mark.alpha or 0.35)
  end
  local how = mark.steps and "histeps" or (mark.points and "linespoints" or "lines")
  local dash = mark.dash and " dt 2" or ""
  local dots = mark.points and not mark.steps and (" pt 7 ps %g"):format(script:dot(1.1)) or ""
  return ("with %s lc %s lw %g%s%s"):format(how, script:color(mark.color or 1, mark.faint),
    mark.width or 3.2, dash, dots)
end

-- Points between two gaps: no line goes there.
local function alone(x, y)
  local ax, ay, before = {}, {}, false
  for i = 1, #y do
    local here = values.is_finite(x[i]) and values.is_finite(y[i])
    local after = i < #y and values.is_finite(x[i + 1]) and values.is_finite(y[i + 1])
    if here and not before and not after then ax[#ax + 1], ay[#ay + 1] = x[i], y[i] end
    before = here
  end
  return ax, ay
end

local function drawable(x, y)
  for i = 1, #y do
    if values.is_finite(x[i]) and values.is_finite(y[i]) then return true end
  end
  return false
end

function M.gnuplot(mark, script, fig)
  local x, y = values.thin(on_axes(mark, fig))
  if not drawable(x, y) then
    script:plot("NaN " .. style(mark, script), mark.name)
    return
  end
  local dx, dy = x, y
  if script.traits.gd and mark.dash and not mark.points then dx, dy = dashes.cut(x, y, script.frame, fig) end
  script:plot(("%s using 1:2 %s"):format(script:columns {dx, dy}, style(mark, script)), mark.name)
  local ax, ay = alone(x, y)
  if #ax > 0 and (#x == 1 or not mark.points) then
    script:plot(("%s using 1:2 with points pt 7 ps %g lc %s"):format(script:columns {ax, ay},
      script:dot(1.5), script:color(mark.color or 1)))
  end
  local cx, cy = crosses(mark, fig)
  if mark.lost and #cx > 0 then
    script:plot(("%s using 1:2 with points pt 2 ps %g lw 3 lc %s"):format(
      script:columns {cx, cy}, script:dot(1.8 * (script.traits.cross or 1)), script:color("alarm")))
  end
end

local function draw_fill(mark, area, x, y)
  for i = 2, #x do
    area:column_fill(x[i - 1], x[i], mark.fill, (y[i - 1] + y[i]) / 2, mark.color or 1)
  end
end

function M.draw(mark, area, fig)
  if mark.screen_only or (mark.faint and not area.mode) then return end
  local x, y = values.thin(on_axes(mark, fig))
  local color = mark.faint and "dim" or mark.color or 1
  area.canvas.pen = not area.mode and mark.letter or nil
  if mark.fill then
    draw_fill(mark, area, x, y)
    return
  end
  if mark.steps then
    for i = 1, #x - 1 do
      local middle = (x[i] + x[i + 1]) / 2
      area:line(x[i], y[i], middle, y[i], color, mark.dash)
      area:line(middle, y[i], middle, y[i + 1], color, mark.dash)
      area:line(middle, y[i + 1], x[i + 1], y[i + 1], color, mark.dash)
    end
  end
  local ax, ay = alone(x, y)
  for i = 1, #ax do area:char(ax[i], ay[i], "o", color) end
  for i = 2, mark.steps and 0 or #x do
    area:line(x[i - 1], y[i - 1], x[i], y[i], color, mark.dash)
  end
  area:letters(mark, x, y)
  local cx, cy = crosses(mark, fig)
  for i = 1, mark.lost and #cx or 0 do area:char(cx[i], cy[i], "x", "alarm") end
end

return M
