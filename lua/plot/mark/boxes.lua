-- SPDX-License-Identifier: GPL-3.0-or-later
-- Filled boxes: {kind = "boxes", x0, x1, y0, y1, fill, edge}; lists of the same length, `fill`
-- and `edge` colours or lists of colours.

local figure = require "gradus.plot.figure"

local M = {lists = {"x0", "x1", "y0", "y1"}}

function M.extent(mark, fig)
  return figure.extent_of(fig, {mark.x0, mark.x1}, {mark.y0, mark.y1})
end

local function pick(value, i)
  if type(value) == "table" then return value[i] end
  return value
end

function M.gnuplot(mark, script)
  local n = script.number
  for i = 1, #mark.x0 do
    script:add("set object rectangle from first %s,%s to first %s,%s back fc %s fs solid border lc "
      .. "%s", n(mark.x0[i]), n(mark.y0[i]), n(mark.x1[i]), n(mark.y1[i]),
      script:color(pick(mark.fill, i) or "grid"), script:color(pick(mark.edge, i) or "axis"))
  end
end

function M.draw(mark, area)
  for i = 1, #mark.x0 do
    local c = pick(mark.edge, i) or "dim"
    area:line(mark.x0[i], mark.y0[i], mark.x1[i], mark.y0[i], c)
    area:line(mark.x0[i], mark.y1[i], mark.x1[i], mark.y1[i], c)
    area:line(mark.x0[i], mark.y0[i], mark.x0[i], mark.y1[i], c)
    area:line(mark.x1[i], mark.y0[i], mark.x1[i], mark.y1[i], c)
  end
end

return M
