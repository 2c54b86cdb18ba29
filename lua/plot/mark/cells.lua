-- SPDX-License-Identifier: GPL-3.0-or-later
-- A matrix as coloured cells: {kind = "cells", z, x = {first, step}, y = {first, step}, palette,
-- range = {lo, hi}, log, bar (name of the colour bar), labels (rows of texts), clear (nothing
-- drawn where not finite)}
-- Row 1 is drawn at y.first, column 1 at x.first: the middles of the cells.

local quote = require "gradus.plot.quote"
local themes = require "gradus.plot.theme"
local ticks = require "gradus.plot.ticks"
local values = require "gradus.plot.values"

local M = {tight = true, matrices = {"z"}}

--- How many palettes a mark brings into a picture.
function M.palettes() return 1 end

local function place(mark)
  return mark.x or {1, 1}, mark.y or {1, 1}
end

function M.extent(mark)
  local x, y = place(mark)
  local x1, y1 = x[1] + (#mark.z[1] - 1) * x[2], y[1] + (#mark.z - 1) * y[2]
  return x[1] - x[2] / 2, x1 + x[2] / 2, y[1] - y[2] / 2, y1 + y[2] / 2
end

--- The range of the colours: given, or that of the data; symmetric for a diverging palette.
function M.color_range(mark)
  local lo, hi
  for _, row in ipairs(mark.z) do
    local a, b = values.extent(row, mark.log)
    if a then lo, hi = math.min(lo or a, a), math.max(hi or b, b) end
  end
  lo, hi = lo or (mark.log and 0.1 or 0), hi or 1
  if mark.palette == "diverging" then
    hi = math.max(math.abs(lo), math.abs(hi))
    lo = -hi
  end
  local range = mark.range or {}
  lo, hi = range[1] or lo, range[2] or hi
  if lo >= hi then
    lo, hi = mark.log and lo / 2 or lo - 0.5, mark.log and hi * 2 or hi + 0.5
  end
  return lo, hi
end

--- The colour of one value, nil where it is not finite.
function M.color(mark, v, lo, hi, theme)
  if not values.is_finite(v) or (mark.log and v <= 0) then return nil end
  local t = mark.log and math.log(v / lo) / math.log(hi / lo) or (v - lo) / (hi - lo)
  return themes.at(mark.palette or "viridis", t, theme)
end

--- Sets the palette. A gif has few colours.
function M.set_palette(mark, script)
  local parts = {}
  for i, color in ipairs(themes.palette(mark.palette or "viridis", script.theme)) do
    parts[i] = ("%d '%s'"):format(i - 1, color)
  end
  script:add("set palette defined (%s)%s", table.concat(parts, ", "),
    script.traits.few_colors and " maxcolors 96" or "")
end

-- The numbers beside a bar of logarithms, in place of gnuplot's 0.000001000.
local function log_ticks(script, lo, hi)
  local parts = {}
  for i, tick in ipairs(ticks.log(lo, hi, 8)) do
    parts[i] = ("%s %s"):format(quote.tick(tick[2]), script.number(tick[1]))
  end
  return #parts > 0 and (" (%s)"):format(table.concat(parts, ", ")) or ""
end

--- The distance of the numbers of a scale in a small panel, with a space before it; else gnuplot knows.
function M.tick_step(script, lo, hi)
  if script.panels == 1 then return "" end
  return " " .. script.number(ticks.between(lo, hi, math.max(2, script.rows_high / 4)))
end

local function set_bar(mark, script)
  local lo, hi = M.color_range(mark)
  if mark.log then script:add("set logscale cb 10") end
  script:add("set cbrange [%s:%s]", script.number(lo), script.number(hi))
  if not mark.bar then
    script:add("unset colorbox")
    return
  end
  script:add("set colorbox noborder")
  script:add("set cbtics%s out nomirror scale 0.4 textcolor %s%s", not mark.log and M.tick_step(script, lo, hi) or "",
    script:color("dim"), mark.log and log_ticks(script, lo, hi) or "")
  script:add("set cblabel %s offset 0.7,0 textcolor %s", quote.text(mark.bar), script:color("dim"))
end

--- Palette, range and colour bar.
function M.set_scale(mark, script)
  M.set_palette(mark, script)
  set_bar(mark, script)
end

--- Viewers smooth the images of an svg: where there are not many, each cell is a rectangle there.
function M.pixels(script, n)
  return script.traits.pixels and n <= 2500 and " pixels" or ""
end

local function add_labels(mark, script)
  local x, y = place(mark)
  local lo, hi = M.color_range(mark)
  for i, row in ipairs(mark.labels) do
    for j, text in ipairs(row) do
      local back = M.color(mark, mark.z[i][j], lo, hi, script.theme)
      script:add("set label %s at first %s,%s center textcolor rgb '%s' font %s front",
        quote.text(text), script.number(x[1] + (j - 1) * x[2]),
        script.number(y[1] + (i - 1) * y[2]), back and themes.contrast(back) or script.theme.text,
        script:font(#mark.z > 12 and 0.65 or 1.05, false))
    end
  end
end

function M.gnuplot(mark, script)
  local x, y = place(mark)
  M.set_scale(mark, script)
  if not mark.clear then
    script:add("set object rectangle from graph 0,0 to graph 1,1 behind fc %s fs solid noborder",
      script:color("empty"))
  end
  if mark.labels then add_labels(mark, script) end
  local n = script.number
  local z = mark.z
  if #z == 1 then z = {z[1], z[1]} end -- gnuplot wants two rows; the second is outside
  script:plot(("%s matrix using (%s+$1*%s):(%s+$2*%s):3 with image%s"):format(script:matrix(z),
    n(x[1]), n(x[2]), n(y[1]), n(y[2]), M.pixels(script, #z * #z[1])))
end

function M.draw(mark, area)
  local x, y = place(mark)
  local lo, hi = M.color_range(mark)
  area:cells(mark, x, y, function(v) return M.color(mark, v, lo, hi) end, lo, hi)
end

return M
