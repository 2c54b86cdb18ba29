-- SPDX-License-Identifier: GPL-3.0-or-later
-- A surface over the plane: {kind = "surface", z, x = {first, step}, y = {first, step}, zlabel,
-- log}. In text it is drawn from above, as cells.

local cells = require "gradus.plot.mark.cells"
local quote = require "gradus.plot.quote"

local M = {tight = true, extent = cells.extent, draw = cells.draw, color_range = cells.color_range,
  palettes = cells.palettes, matrices = {"z"}}

local function corners(mark)
  local lines = {}
  for i, row in ipairs(mark.z) do
    for j, v in ipairs(row) do
      local bad = v ~= v or v == math.huge or v == -math.huge or (mark.log and v <= 0)
      lines[#lines + 1] = ("%.7g %.7g %s"):format(mark.x[1] + (j - 1) * mark.x[2],
        mark.y[1] + (i - 1) * mark.y[2], bad and "NaN" or ("%.7g"):format(v))
    end
    lines[#lines + 1] = ""
  end
  return table.concat(lines, "\n")
end

function M.gnuplot(mark, script)
  cells.set_palette(mark, script)
  local lo, hi = cells.color_range(mark)
  if mark.log then script:add("set logscale zcb 10") end
  script:add("set cbrange [%s:%s]", script.number(lo), script.number(hi))
  script:add("set zrange [%s:%s]", script.number(lo), script.number(hi))
  script:add("set border 127 lw 0.6 lc %s", script:color("grid"))
  script:add("set ztics%s scale 0.5 textcolor %s", mark.log and "" or cells.tick_step(script, lo, hi),
    script:color("dim"))
  script:add("set zlabel %s rotate parallel offset -1,0 textcolor %s",
    quote.text(mark.zlabel or ""), script:color("dim"))
  script:add("unset colorbox")
  script:add("set view 52,%g,1,1.05", mark.turn or 32)
  script:add("set xyplane at %s", script.number(lo))
  -- The library gd has no fine lines: there the net would hide the colours.
  script:add("set pm3d depthorder%s", script.traits.gd and "" or
    (" border lc rgb '%s' lw 0.4"):format(script.traits.net or "#40ffffff"))
  script.count = script.count + 1
  script.data[#script.data + 1] = ("$d%d << EOD\n%s\nEOD"):format(script.count, corners(mark))
  script:plot(("$d%d using 1:2:3 with pm3d"):format(script.count), mark.name)
end

return M
