-- SPDX-License-Identifier: GPL-3.0-or-later
-- Words in the picture: {kind = "words", x, y, text, color, align, times, bold, box}
-- x, y and text are lists of the same length; so may be color.

local figure = require "gradus.plot.figure"
local quote = require "gradus.plot.quote"
local values = require "gradus.plot.values"

local M = {lists = {"x", "y"}}

function M.extent(mark, fig)
  return figure.extent_of(fig, {mark.x}, {mark.y})
end

local function color_of(mark, i)
  return type(mark.color) == "table" and mark.color[i] or mark.color or "text"
end

-- Words for gnuplot are of this file, never of a figure, which anybody may have made.
local sides = {left = "left", center = "center", right = "right"}

local function offset_of(mark)
  local x, y = tostring(mark.offset or ""):match("^(%-?[%d.]+),(%-?[%d.]+)$")
  return x and (" offset %s,%s"):format(x, y) or ""
end

function M.gnuplot(mark, script)
  for i = 1, #mark.text do
    if values.is_finite(mark.x[i]) and values.is_finite(mark.y[i]) then
      script:add("set label %s at first %s,%s %s%s textcolor %s font %s front",
        quote.text(mark.text[i]), script.number(mark.x[i]), script.number(mark.y[i]),
        sides[mark.align] or "center", offset_of(mark),
        script:color(color_of(mark, i)), script:font(mark.times or 1, mark.bold))
    end
  end
end

function M.draw(mark, area)
  for i = 1, #mark.text do
    area:words(mark.x[i], mark.y[i], quote.clean(mark.text[i]), color_of(mark, i),
      mark.align or "center")
  end
end

return M
