-- SPDX-License-Identifier: GPL-3.0-or-later
-- Lines of equal height of a matrix (marching squares), as one list of points in
-- which NaN parts the pieces.

local M = {}

-- Where the height `level` is crossed between two corners, as a share of the way.
local function cross(a, b, level)
  return (level - a) / (b - a)
end

-- The crossings of the four sides of one square, in order around it.
local function crossings(z, i, j, level)
  local a, b, c, d = z[i][j], z[i][j + 1], z[i + 1][j + 1], z[i + 1][j]
  if a - a ~= 0 or b - b ~= 0 or c - c ~= 0 or d - d ~= 0 then return {} end
  local list = {}
  if (a < level) ~= (b < level) then list[#list + 1] = {j + cross(a, b, level), i} end
  if (b < level) ~= (c < level) then list[#list + 1] = {j + 1, i + cross(b, c, level)} end
  if (c < level) ~= (d < level) then list[#list + 1] = {j + 1 - cross(c, d, level), i + 1} end
  if (d < level) ~= (a < level) then list[#list + 1] = {j, i + 1 - cross(d, a, level)} end
  return list
end

local function key(p)
  return ("%.6f %.6f"):format(p[1], p[2])
end

-- Pieces of line, findable by either end.
local function pieces(z, level)
  local ends, list = {}, {}
  for i = 1, #z - 1 do
    for j = 1, #z[1] - 1 do
      local c = crossings(z, i, j, level)
      for k = 1, #c - 1, 2 do
        local piece = {c[k], c[k + 1], used = false}
        list[#list + 1] = piece
        for _, p in ipairs(piece) do
          local name = key(p)
          ends[name] = ends[name] or {}
          table.insert(ends[name], piece)
        end
      end
    end
  end
  return list, ends
end

local function follow(ends, piece, from, chain)
  local point = piece[1] == from and piece[2] or piece[1]
  while true do
    chain[#chain + 1] = point
    local found
    for _, other in ipairs(ends[key(point)] or {}) do
      if not other.used then found = other break end
    end
    if not found then return end
    found.used = true
    point = key(found[1]) == key(point) and found[2] or found[1]
  end
end

-- Joined into chains; a chain grows to both sides of the piece it begins with.
local function chain_of(ends, piece)
  piece.used = true
  local forward, backward = {}, {}
  follow(ends, piece, piece[1], forward)
  follow(ends, piece, piece[2], backward)
  local chain = {}
  for i = #backward, 1, -1 do chain[#chain + 1] = backward[i] end
  for _, p in ipairs(forward) do chain[#chain + 1] = p end
  return chain
end

--- contours.lines(z, {x0, dx}, {y0, dy}, level) -> {x = {...}, y = {...}}
function M.lines(z, px, py, level)
  local list, ends = pieces(z, level)
  local x, y = {}, {}
  for _, piece in ipairs(list) do
    if not piece.used then
      for _, p in ipairs(chain_of(ends, piece)) do
        x[#x + 1] = px[1] + (p[1] - 1) * px[2]
        y[#y + 1] = py[1] + (p[2] - 1) * py[2]
      end
      x[#x + 1], y[#y + 1] = 0 / 0, 0 / 0
    end
  end
  return {x = x, y = y}
end

return M
