-- SPDX-License-Identifier: GPL-3.0-or-later
-- The space between two curves: {kind = "band", x, lo, hi, name, color, alpha}

local figure = require "gradus.plot.figure"
local values = require "gradus.plot.values"

local M = {lists = {"x", "lo", "hi"}}

function M.extent(mark, fig)
  return figure.extent_of(fig, {mark.x}, {mark.lo, mark.hi})
end

-- Cut at the lower edge of a log axis, where the band would go down for ever.
local function clipped(mark, fig, floor)
  if not fig.y.log then return mark.lo, mark.hi end
  local lo, hi = {}, {}
  for i = 1, #mark.lo do
    lo[i] = mark.lo[i] <= 0 and floor or mark.lo[i]
    hi[i] = mark.hi[i] <= 0 and 0 / 0 or mark.hi[i]
  end
  return lo, hi
end

function M.gnuplot(mark, script, fig)
  local lo, hi = clipped(mark, fig, script.frame.y[1])
  local how = ("with filledcurves fs transparent solid %g noborder lc %s"):format(
    mark.alpha or 0.22, script:color(mark.color or 1))
  if not values.extent(hi) then
    script:plot("NaN " .. how, mark.name)
    return
  end
  script:plot(("%s using 1:2:3 %s"):format(script:columns {mark.x, lo, hi}, how), mark.name)
end

function M.draw(mark, area, fig)
  local lo, hi = clipped(mark, fig, area.frame.y[1])
  for i = 2, #mark.x do
    area:shade(mark.x[i - 1], mark.x[i], lo[i - 1], hi[i - 1], lo[i], hi[i], mark.color or 1)
  end
end

return M
