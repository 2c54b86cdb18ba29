-- SPDX-License-Identifier: GPL-3.0-or-later
-- A line across the whole picture: {kind = "rule", x = at} or {kind = "rule", y = at}, with
-- name, color, solid, width. One that is `outside` does not widen the axes.

local dashes = require "gradus.plot.dashes"

local M = {}

local function has_place(at, axis)
  return at == nil or not (axis.log and at <= 0)
end

function M.extent(mark, fig)
  if mark.outside or not (has_place(mark.x, fig.x) and has_place(mark.y, fig.y)) then return end
  return mark.x, mark.x, mark.y, mark.y
end

function M.gnuplot(mark, script, fig)
  if not (has_place(mark.x, fig.x) and has_place(mark.y, fig.y)) then return end
  local x, y = script.frame.x, script.frame.y
  local columns = mark.x and {{mark.x, mark.x}, {y[1], y[2]}} or {{x[1], x[2]}, {mark.y, mark.y}}
  if script.traits.gd and not mark.solid then columns = {dashes.cut(columns[1], columns[2], script.frame, fig)} end
  script:plot(("%s using 1:2 with lines lw %g%s lc %s"):format(script:columns(columns),
    mark.width or 1.8, mark.solid and "" or " dt 2", script:color(mark.color or "dim")), mark.name)
end

function M.draw(mark, area)
  area:rule(mark.x, mark.y, mark.color or "dim")
end

return M
