-- SPDX-License-Identifier: GPL-3.0-or-later
-- Made-up data in the plane and on the line, from the session's seed or one's
-- own: the same seed gives the same points. Classes are 1..C, samples shuffled.

local core = require("gradus.core")
local tensor = require("gradus.tensor")
local options = require("gradus.options")
local seeded = require("gradus.seeded").run
local Dataset = require("gradus.data.dataset")

local M = {}

local function count(who, n, fallback)
  if n == nil then n = fallback end
  if math.type(n) ~= "integer" or n < 0 then
    local hint = type(n) == "table" and (". Hint: %s(100, {seed = 1})"):format(who) or ""
    error(("%s: expected a number of samples, a whole number from 0; got %s%s"):format(who,
      type(n) == "table" and "a table" or tostring(n), hint), 4)
  end
  return n
end

-- Points by class: position(c, m) gives the m points (m, 2) of class c.
local function classes_set(name, n, o, names, position, share)
  return seeded(o.seed, function()
    local xs, ys, left = {}, {}, n
    for c = 1, #names do
      local m = c == #names and left or math.floor(n * (share and share[c] or 1 / #names) + 0.5)
      m = math.min(m, left)
      left = left - m
      xs[c], ys[c] = position(c, m), core.full({m}, c)
    end
    local x, y = core.cat(xs, 1), core.cat(ys, 1)
    if o.noise and o.noise > 0 then x = x + core.randn(n, 2) * o.noise end
    if n > 0 then
      local order = core.randperm(n)
      x, y = x:index_select(1, order), y:index_select(1, order)
    end
    return Dataset.new{x = x, y = y, classes = names, features = {"x 1", "x 2"}, name = name,
      source = "generated"}
  end)
end

local function read(who, n, o, defaults, fallback)
  return count(who, n, fallback or 100), options.read(who, o, defaults, {"seed"})
end

local function numbered(k)
  local names = {}
  for c = 1, k do names[c] = tostring(c) end
  return names
end

local function line(from, to, m)
  if m == 0 then return core.zeros(0) end
  if m == 1 then return core.full({1}, from) end
  return core.linspace(from, to, m)
end

local function points(x1, x2) return tensor.stack({x1, x2}, 2) end

--- data.moons(n: integer = 100, {noise: number = 0.1, seed: integer?}) -> Dataset
--- Two half circles that reach into each other: (cos t, sin t) and (1 - cos t, 1/2 - sin t).
--- > data.moons(10, {noise = 0, seed = 1}).x:size()
--- {10, 2}
function M.moons(n, o)
  n, o = read("data.moons", n, o, {noise = 0.1})
  return classes_set("moons", n, o, {"upper", "lower"}, function(c, m)
    local t = line(0, math.pi, m)
    if c == 1 then return points(t:cos(), t:sin()) end
    return points(1 - t:cos(), 0.5 - t:sin())
  end)
end

--- data.circles(n: integer = 100, {noise: number = 0.1, factor: number = 0.5, seed: integer?}) -> Dataset
--- Two circles around each other with radius 1 and `factor`.
--- > data.circles(10, {seed = 1}).classes[2]
--- inner
function M.circles(n, o)
  n, o = read("data.circles", n, o, {noise = 0.1, factor = 0.5})
  return classes_set("circles", n, o, {"outer", "inner"}, function(c, m)
    local t = line(0, 2 * math.pi * (1 - 1 / math.max(m, 1)), m)
    local radius = c == 1 and 1 or o.factor
    return points(t:cos() * radius, t:sin() * radius)
  end)
end

--- data.spirals(n: integer = 100, {classes: integer = 2, turns: number = 1, noise: number = 0.05, seed: integer?}) -> Dataset
--- Arms that wind out from the centre, one a class.
--- > #data.spirals(30, {classes = 3}).classes
--- 3
function M.spirals(n, o)
  n, o = read("data.spirals", n, o, {classes = 2, turns = 1, noise = 0.05})
  return classes_set("spirals", n, o, numbered(o.classes), function(c, m)
    local r = line(0.05, 1, m)
    local t = (r * o.turns + (c - 1) / o.classes) * (2 * math.pi)
    return points(r * t:cos(), r * t:sin())
  end)
end

--- data.blobs(n: integer = 100, {classes: integer = 3, spread: number = 1, box: number = 10, seed: integer?}) -> Dataset
--- Round clouds with standard deviation `spread` around centres drawn from a square from -box to
--- box.
--- > #data.blobs(9, {seed = 1})
--- 9
function M.blobs(n, o)
  n, o = read("data.blobs", n, o, {classes = 3, spread = 1, box = 10})
  return seeded(o.seed, function()
    local centres = core.rand(o.classes, 2) * (2 * o.box) - o.box
    return classes_set("blobs", n, {}, numbered(o.classes), function(c, m)
      return core.randn(m, 2) * o.spread + centres[c]
    end)
  end)
end

--- data.xor(n: integer = 100, {noise: number = 0, seed: integer?}) -> Dataset
--- Points in the square from -1 to 1; class "different" where the signs of the two differ. No
--- straight line parts them.
--- > s = data.xor(20, {seed = 1})
--- > (s.x:select(2, 1) * s.x:select(2, 2)):lt(0):eq(s.y - 1):all()
--- true
function M.xor(n, o)
  n, o = read("data.xor", n, o, {noise = 0})
  return classes_set("xor", n, o, {"same", "different"}, function(c, m)
    local x1 = core.rand(m) * 2 - 1
    local size = 1 - core.rand(m) -- above 0
    local sign = core.where(x1:ge(0), core.ones(m), -core.ones(m))
    return points(x1, size * sign * (c == 1 and 1 or -1))
  end)
end

--- data.gaussians(n: integer = 100, {distance: number = 2, spread: number = 1, seed: integer?}) -> Dataset
--- Two round clouds whose centres lie `distance` apart on the first axis. The best any classifier
--- can do is known: an error of Phi(-distance / (2 spread)).
--- > data.gaussians(10, {seed = 1}).classes[1]
--- left
function M.gaussians(n, o)
  n, o = read("data.gaussians", n, o, {distance = 2, spread = 1})
  return classes_set("two Gaussians", n, o, {"left", "right"}, function(c, m)
    local shift = core.tensor{(c == 1 and -0.5 or 0.5) * o.distance, 0}
    return core.randn(m, 2) * o.spread + shift
  end)
end

--- data.unbalanced(n: integer = 1000, {share: number = 0.05, distance: number = 2, seed: integer?}) -> Dataset
--- Two clouds, the second class with only `share` of the samples: accuracy alone misleads.
--- > data.unbalanced(100, {share = 0.1, seed = 1}).y:eq(2):sum():item()
--- 10.0
function M.unbalanced(n, o)
  n, o = read("data.unbalanced", n, o, {share = 0.05, distance = 2}, 1000)
  if o.share < 0 or o.share > 1 then
    error(("data.unbalanced: share lies between 0 and 1; got %g"):format(o.share), 2)
  end
  return classes_set("unbalanced classes", n, o, {"common", "rare"}, function(c, m)
    return core.randn(m, 2) + core.tensor{c == 1 and 0 or o.distance, 0}
  end, {1 - o.share, o.share})
end

--- data.sine(n: integer = 100, {noise: number = 0.1, periods: number = 1, seed: integer?}) -> Dataset
--- For regression: y = sin(2 pi x) + noise at n places x drawn from 0 to `periods`.
--- > data.sine(5, {seed = 1}).y:size()
--- {5, 1}
function M.sine(n, o)
  n, o = read("data.sine", n, o, {noise = 0.1, periods = 1})
  return seeded(o.seed, function()
    local x = core.rand(n, 1) * o.periods
    local y = (x * (2 * math.pi)):sin() + core.randn(n, 1) * o.noise
    return Dataset.new{x = x, y = y, features = {"x"}, target = "y", name = "noisy sine",
      source = "generated"}
  end)
end

--- data.temperatures(n: integer = 730, {noise: number = 3, seed: integer?}) -> Dataset
--- For regression: the temperature in degrees Celsius of day 1, 2, ... of a place with a mean of
--- 10, summers 10 warmer and winters 10 colder, and weather that lasts for days.
--- > data.temperatures(3, {seed = 1}).features[1]
--- day
function M.temperatures(n, o)
  n, o = read("data.temperatures", n, o, {noise = 3}, 730)
  return seeded(o.seed, function()
    local day = line(1, n, n)
    local push, weather, list = core.randn(n):totable(), 0, {}
    for i = 1, n do -- w = 0.8 w + 0.6 e keeps the variance of e
      weather = 0.8 * weather + 0.6 * push[i]
      list[i] = weather * o.noise
    end
    local y = 10 - ((day + 10) * (2 * math.pi / 365.25)):cos() * 10 + core.tensor(list)
    return Dataset.new{x = day:reshape(n, 1), y = y:reshape(n, 1), features = {"day"},
      target = "temperature (degrees C)", name = "temperatures", source = "generated"}
  end)
end

return M
