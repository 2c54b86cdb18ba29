-- SPDX-License-Identifier: GPL-3.0-or-later
-- Points: {kind = "points", x, y, name, color, shape, size}; shape 1 to 6.

local figure = require "gradus.plot.figure"
local values = require "gradus.plot.values"

local M = {}

-- Full ones first: disc, square, triangle, rhombus; then open disc and cross.
local shapes = {7, 5, 9, 13, 6, 2}
local letters = {"o", "x", "+", "*", "#", "@"}

function M.extent(mark, fig)
  return figure.extent_of(fig, {mark.x}, {mark.y})
end

local function size(n)
  return n > 5000 and 0.25 or n > 800 and 0.5 or n > 200 and 0.9 or 1.3
end

function M.gnuplot(mark, script, fig)
  local lo = M.extent(mark, fig)
  local how = ("with points pt %d ps %g lw 1.5 lc %s"):format(
    shapes[((mark.shape or 1) - 1) % #shapes + 1], mark.size or size(#mark.x),
    script:color(mark.color or 1))
  if not lo then
    script:plot("NaN " .. how, mark.name)
    return
  end
  local x, y = values.thin_cloud(mark.x, mark.y)
  script:plot(("%s using 1:2 %s"):format(script:columns {x, y}, how), mark.name)
end

function M.draw(mark, area)
  local x, y = values.thin_cloud(mark.x, mark.y)
  local letter = letters[((mark.shape or 1) - 1) % #letters + 1]
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
  return letters[((mark.shape or 1) - 1) % #letters + 1]
end

return M
