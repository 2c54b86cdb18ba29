-- SPDX-License-Identifier: GPL-3.0-or-later
-- The fresh numbers of a lesson: a small generator of its own (splitmix64), so that a lesson's
-- questions depend on the seed of the run and on nothing that was drawn before.

local M = {}

local function mix(state)
  local z = state
  z = (z ~ (z >> 30)) * 0xbf58476d1ce4e5b9
  z = (z ~ (z >> 27)) * 0x94d049bb133111eb
  return z ~ (z >> 31)
end

--- random.new(seed: integer, name: string) -> Random
--- A generator for one seed and one name. `r(n)` gives a whole number from 1 to n, `r(a, b)`
--- one from a to b, `r()` a number in [0, 1); `r.pick(list)` one of a list; `r.shuffle(list)`
--- a shuffled copy.
--- > require("gradus.lesson.random").new(1, "a")(3, 3)
--- 3
function M.new(seed, name)
  local state = (seed or 0) * 0x2545f4914f6cdd1d
  for i = 1, #name do state = mix(state ~ name:byte(i)) end
  local r = {}

  local function draw()
    state = state + 0x9e3779b97f4a7c15
    return (mix(state) >> 11) / (1 << 53)
  end

  function r.pick(list)
    return list[1 + math.floor(draw() * #list)]
  end

  function r.shuffle(list)
    local copy = {table.unpack(list)}
    for i = #copy, 2, -1 do
      local j = 1 + math.floor(draw() * i)
      copy[i], copy[j] = copy[j], copy[i]
    end
    return copy
  end

  return setmetatable(r, {__call = function(_, a, b)
    if not a then return draw() end
    if not b then a, b = 1, a end
    return a + math.floor(draw() * (b - a + 1))
  end})
end

return M
