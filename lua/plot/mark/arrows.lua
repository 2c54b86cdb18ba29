-- SPDX-License-Identifier: GPL-3.0-or-later
-- Arrows: {kind = "arrows", x, y, to_x, to_y, color, width}; lists of the same length.

local figure = require "gradus.plot.figure"

local M = {lists = {"x", "y", "to_x", "to_y"}}

function M.extent(mark, fig)
  return figure.extent_of(fig, {mark.x, mark.to_x}, {mark.y, mark.to_y})
end

function M.gnuplot(mark, script)
  local look = ("head filled size screen 0.011,18 lw %g lc %s"):format(mark.width or 1.8,
    script:color(mark.color or "dim"))
  script:plot(("%s using 1:2:($3-$1):($4-$2) with vectors %s"):format(
    script:columns {mark.x, mark.y, mark.to_x, mark.to_y}, look), mark.name)
end

function M.draw(mark, area)
  for i = 1, #mark.x do
    area:line(mark.x[i], mark.y[i], mark.to_x[i], mark.to_y[i], mark.color or "dim")
  end
end

return M
