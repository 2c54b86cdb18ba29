-- SPDX-License-Identifier: GPL-3.0-or-later
-- Escape sequences for a colour: none (nil), 16, 256 or all ("true").

local themes = require "gradus.plot.theme"

local M = {}

-- The six steps of the 6 x 6 x 6 cube of the 256 colours.
local steps = {0, 95, 135, 175, 215, 255}

local function nearest_step(c)
  local best = 1
  for i = 2, 6 do
    if math.abs(steps[i] - c) < math.abs(steps[best] - c) then best = i end
  end
  return best
end

local function distance(r, g, b, r2, g2, b2)
  return (r - r2) ^ 2 + (g - g2) ^ 2 + (b - b2) ^ 2
end

local function code256(r, g, b)
  local i, j, k = nearest_step(r), nearest_step(g), nearest_step(b)
  local gray = math.max(0, math.min(23, ((r + g + b) / 3 - 8) // 10))
  local level = 8 + 10 * gray
  if distance(r, g, b, level, level, level) < distance(r, g, b, steps[i], steps[j], steps[k]) then
    return math.floor(232 + gray)
  end
  return 16 + 36 * (i - 1) + 6 * (j - 1) + k - 1
end

-- Of eight colours the one with the same bits set, by a threshold between lowest and highest.
local function code16(r, g, b)
  local low, high = math.min(r, g, b), math.max(r, g, b)
  if high - low < 40 then return high < 70 and 0 or high < 190 and 60 or 7 end
  local middle = (low + high) / 2
  return (r > middle and 1 or 0) + (g > middle and 2 or 0) + (b > middle and 4 or 0)
end

local known = {}

--- The sequence for a "#rrggbb" as foreground or background.
function M.escape(mode, hex, background)
  local key = mode .. hex .. (background and "b" or "")
  if not known[key] then
    local r, g, b = themes.rgb(hex)
    if mode == "true" then
      known[key] = ("\27[%d;2;%d;%d;%dm"):format(background and 48 or 38, r, g, b)
    elseif mode == "256" then
      known[key] = ("\27[%d;5;%dm"):format(background and 48 or 38, code256(r, g, b))
    else
      known[key] = ("\27[%dm"):format((background and 40 or 30) + code16(r, g, b))
    end
  end
  return known[key]
end

M.reset = "\27[0m"

return M
