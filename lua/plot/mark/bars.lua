-- SPDX-License-Identifier: GPL-3.0-or-later
-- Bars: {kind = "bars", at, height, width, name, color, lo, hi, flat, overlay,
-- group}
-- `at` are the middles, `lo` and `hi` (optional) the ends of whiskers, `flat` bars lie, `overlay` ones (2, 3,
-- ...) stand in front of others, bars of a `group` (1, 2, ...) beside those of another.

local values = require "gradus.plot.values"

local M = {base = true, lists = {"at", "height"}}

function M.extent(mark, fig)
  local half = (mark.width or 0.8) / 2
  local a0, a1 = values.extent(mark.at)
  local log = (mark.flat and fig.x or fig.y).log
  local h0, h1 = values.extent(mark.height, log)
  for _, list in ipairs {mark.lo or {}, mark.hi or {}} do
    local lo, hi = values.extent(list, log)
    if lo then h0, h1 = math.min(h0 or lo, lo), math.max(h1 or hi, hi) end
  end
  if h0 and not log then h0, h1 = math.min(h0, 0), math.max(h1, 0) end
  if h0 and log then h0 = h0 / 2 end
  a0, a1 = a0 and a0 - half, a1 and a1 + half
  if mark.flat then return h0, h1, a0, a1 end
  return a0, a1, h0, h1
end

-- x, y and the four sides of each bar.
local function sides(mark, floor)
  local half = (mark.width or 0.8) / 2
  local columns = {{}, {}, {}, {}, {}, {}}
  for i = 1, #mark.at do
    local a, h = mark.at[i], mark.height[i]
    local low, high = math.min(floor, h), math.max(floor, h)
    local row = mark.flat and {h, a, low, high, a - half, a + half}
      or {a, h, a - half, a + half, low, high}
    for c = 1, 6 do columns[c][i] = row[c] end
  end
  return columns
end

local function whiskers(mark, script)
  local columns = {{}, {}, {}, {}}
  for i = 1, #mark.at do
    local row = mark.flat and {mark.height[i], mark.at[i], mark.lo[i], mark.hi[i]}
      or {mark.at[i], mark.height[i], mark.lo[i], mark.hi[i]}
    for c = 1, 4 do columns[c][i] = row[c] end
  end
  if mark.flat then
    script:plot(("%s using 1:2:3:4 with xerrorbars pt 0 lw 2 lc %s"):format(script:columns(columns),
      script:color("text")))
  else -- yerrorbars leave a hole at the top of the bar
    script:plot(("%s using 1:3:(0):($4-$3) with vectors heads size graph 0.006,90 nofilled lw 2 lc %s"):format(
      script:columns(columns), script:color("text")))
  end
end

function M.gnuplot(mark, script, fig)
  if not values.extent(mark.height) then
    script:plot("NaN with lines lw 8 lc " .. script:color(mark.color or 1), mark.name)
    return
  end
  local log = (mark.flat and fig.x or fig.y).log
  local floor = log and (mark.flat and script.frame.x or script.frame.y)[1] or 0
  script:plot(("%s using 1:2:3:4:5:6 with boxxyerror fs transparent solid %g noborder lc %s")
    :format(script:columns(sides(mark, floor)), mark.alpha or 0.85,
      script:color(mark.color or 1)), mark.name)
  if mark.lo then whiskers(mark, script) end
end

-- Without colours, groups of bars differ by how dense they are.
local dense, ascii_dense = {nil, "░", "▒", "▓"}, {nil, "/", ":", "+"}

-- And so do histograms that lie over each other; two shades need no third for where both are.
local laid, ascii_laid = {[3] = "▓"}, {[3] = ":"}

local function overlaid(mark, o)
  if o.ascii or o.canvas and o.canvas.ascii then return ascii_laid[mark.overlay] or "/" end
  return laid[mark.overlay] or "░"
end

local function pattern(mark, o)
  if o.mode or not mark.group then return nil end
  return ((o.ascii or o.canvas and o.canvas.ascii) and ascii_dense or dense)[(mark.group - 1) % 4 + 1]
end

function M.draw(mark, area, fig)
  local log = (mark.flat and fig.x or fig.y).log
  local floor = log and (mark.flat and area.frame.x or area.frame.y)[1] or 0
  local half = (mark.width or 0.8) / 2
  area.overlay, area.pattern = mark.overlay and overlaid(mark, area), pattern(mark, area)
  for i = 1, #mark.at do
    if values.is_finite(mark.height[i]) then
      local draw = mark.flat and area.flat_bar or area.bar
      draw(area, mark.at[i] - half, mark.at[i] + half, floor, mark.height[i], mark.color or 1)
      if mark.lo and mark.flat then
        area:line(mark.lo[i], mark.at[i], mark.hi[i], mark.at[i], "text")
        area:char(mark.lo[i], mark.at[i], "|", "text")
        area:char(mark.hi[i], mark.at[i], "|", "text")
      elseif mark.lo then
        area:line(mark.at[i], mark.lo[i], mark.at[i], mark.hi[i], "text")
      end
    end
  end
end

--- The sign before the name in a legend drawn as text.
function M.sign(mark, o)
  if pattern(mark, o) then return pattern(mark, o) end
  if mark.overlay and not o.mode then return overlaid(mark, o) end
  return o.ascii and "#" or "█"
end

return M
