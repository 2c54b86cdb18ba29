-- SPDX-License-Identifier: GPL-3.0-or-later
-- A picture in colours: {kind = "rgb", r, g, b}: matrices of numbers from 0 to 1; NaN is empty.

local cells = require "gradus.plot.mark.cells"

local M = {tight = true, matrices = {"r", "g", "b"}}

--- More colours than a palette has.
function M.palettes() return 2 end

function M.extent(mark)
  return 0.5, #mark.r[1] + 0.5, 0.5, #mark.r + 0.5
end

local function byte(v)
  if v ~= v then return 255 end
  return math.floor(math.max(0, math.min(1, v)) * 255 + 0.5)
end

function M.gnuplot(mark, script)
  local columns = {{}, {}, {}, {}, {}}
  for i, row in ipairs(mark.r) do
    for j = 1, #row do
      local k = #columns[1] + 1
      columns[1][k], columns[2][k] = j, i
      columns[3][k], columns[4][k] = byte(row[j]), byte(mark.g[i][j])
      columns[5][k] = byte(mark.b[i][j])
    end
  end
  script:plot(script:columns(columns) .. " using 1:2:3:4:5 with rgbimage" .. cells.pixels(script, #columns[1]))
end

-- As text: in colours where there are some, else by how light it is.
function M.draw(mark, area)
  local z = {}
  for i, row in ipairs(mark.r) do
    z[i] = {}
    for j = 1, #row do z[i][j] = {row[j], mark.g[i][j], mark.b[i][j]} end
  end
  if not area.mode then
    for _, row in ipairs(z) do
      for j, c in ipairs(row) do row[j] = 0.2126 * c[1] + 0.7152 * c[2] + 0.0722 * c[3] end
    end
    area:cells({z = z, palette = "gray"}, {1, 1}, {1, 1}, function(v)
      return cells.color({palette = "gray"}, v, 0, 1)
    end, 0, 1)
    return
  end
  area:cells({z = z}, {1, 1}, {1, 1}, function(c)
    return ("#%02x%02x%02x"):format(byte(c[1]), byte(c[2]), byte(c[3]))
  end, 0, 1)
end

return M
