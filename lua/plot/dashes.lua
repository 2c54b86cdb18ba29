-- SPDX-License-Identifier: GPL-3.0-or-later
-- A dashed curve as pieces of a curve, for terminals that have no dashes (sixel, gif).

local values = require "gradus.plot.values"

local M = {}

-- Lengths of a dash and of the gap after it, in heights of the picture, which is so much wider than high.
local dash, gap, wide = 0.022, 0.016, 1.7

-- Functions from an axis' numbers to shares of its length and back.
local function scale(range, log)
  local lo, hi = range[1], range[2]
  if log then
    local span = math.log(hi / lo)
    return function(v) return math.log(v / lo) / span end, function(s) return lo * math.exp(s * span) end
  end
  return function(v) return (v - lo) / (hi - lo) end, function(s) return lo + s * (hi - lo) end
end

-- Walks along a straight piece; `at` is how far into dash and gap it begins. Returns where it ends.
local function walk(x0, y0, x1, y1, at, add)
  local length, done = math.sqrt(((x1 - x0) * wide) ^ 2 + (y1 - y0) ^ 2), 0
  local function place(d)
    local t = length > 0 and d / length or 0
    return x0 + (x1 - x0) * t, y0 + (y1 - y0) * t
  end
  while done < length do
    local drawn = at < dash
    local left = math.min((drawn and dash or dash + gap) - at, length - done)
    if drawn then
      if at == 0 or done == 0 then add(place(done)) end
      add(place(done + left))
    end
    at, done = at + left, done + left
    if at >= dash + gap - 1e-9 then at = 0 elseif drawn and at >= dash - 1e-9 then at = dash add() end
  end
  return at
end

--- dashes.cut(x, y, frame, fig) -> x, y with gaps, nan, between the dashes
function M.cut(x, y, frame, fig)
  local to_x, from_x = scale(frame.x, fig.x.log)
  local to_y, from_y = scale(frame.y, fig.y.log)
  local out_x, out_y, at = {}, {}, 0
  local function add(sx, sy)
    local n = #out_x + 1
    out_x[n], out_y[n] = sx and from_x(sx) or 0 / 0, sy and from_y(sy) or 0 / 0
  end
  for i = 2, #x do
    local x0, y0, x1, y1 = to_x(x[i - 1]), to_y(y[i - 1]), to_x(x[i]), to_y(y[i])
    if values.is_finite(x0 + y0 + x1 + y1) and math.abs(x1 - x0) + math.abs(y1 - y0) < 50 then
      at = walk(x0, y0, x1, y1, at, add)
    else
      add()
    end
  end
  return out_x, out_y
end

return M
