-- SPDX-License-Identifier: GPL-3.0-or-later
-- Optimisers on surfaces.

-- Gradient descent on the bowl has a closed form: x (1 - 20 a)^t, y (1 - 200 a)^t.
local r = lab.race {optimisers = {"SGD"}, steps = 50, jitter = 0, progress = false}
local worst = 0
for _, row in ipairs(r.rows) do
  local x, y = -2 * (1 - 20 * row.rate) ^ row.step, 2 * (1 - 200 * row.rate) ^ row.step
  worst = math.max(worst, math.abs(row.x - x) + math.abs(row.y - y))
end
print(#r.runs, worst < 1e-9) -- expect: 13	true

-- The lecture's edges: 0.01 bounces for ever, 0.011 diverges.
r = lab.race {optimisers = {"SGD"}, rates = {0.01, 0.011}, steps = 200, progress = false}
print(r.runs[1].runs[1].left, math.abs(r.runs[1].runs[1].ys[201]) > 1.99) -- expect: nil	true
print(r.runs[2].runs[1].left ~= nil, tostring(r):match("Diverges at rate 0.011") ~= nil)
-- expect: true	true

-- Rosenbrock at 0.02 diverges from (-2, 2), not from (0, 0).
for _, start in ipairs {{-2, 2}, {0, 0}} do
  r = lab.race {surface = "rosenbrock", optimisers = {"SGD"}, rates = {0.02}, start = start,
    progress = false}
  print(r.runs[1].runs[1].left ~= nil)
end
-- expect: true
-- expect: false

-- Beale's minimum is (3, 0.5); momentum gets there.
r = lab.race {surface = "beale", rates = {0.01}, steps = 1000, progress = false,
  optimisers = {{"m", "SGD", {momentum = 0.9}}}}
local seen = r.runs[1].runs[1]
print(math.abs(seen.xs[1001] - 3) + math.abs(seen.ys[1001] - 0.5) < 0.01) -- expect: true

-- A run that leaves the saddle ends there.
r = lab.race {surface = "saddle", optimisers = {"SGD"}, rates = {0.1, 0.001}, progress = false}
print(r.runs[1].runs[1].left, r.runs[2].runs[1].left) -- expect: 42	nil

-- Noise: several seeds; each the same when run again, all different.
local function noisy() return lab.race {surface = "valley", steps = 10, progress = false} end
r = noisy()
print(#r.runs[1].runs, r:csv() == noisy():csv()) -- expect: 5	true
print(r.runs[1].runs[1].xs[5] ~= r.runs[1].runs[2].xs[5]) -- expect: true

-- A function that tensors cannot go through has slopes by differences, with the same result.
local function slope_by(f)
  local one = lab.race {surface = f, optimisers = {"SGD"}, rates = {0.1}, start = {1, 1},
    steps = 30, progress = false}
  return one.runs[1].runs[1]
end
local a = slope_by(function(x, y) return x ^ 2 + x * y + 2 * y ^ 2 end)
local b = slope_by(function(x, y) return math.abs(x) ^ 2 + x * y + 2 * y ^ 2 end)
print(math.abs(a.xs[31] - b.xs[31]) < 1e-6, math.abs(a.xs[31]) < 0.1) -- expect: true	true
local function message(...)
  local _, why = pcall(lab.race, ...)
  return (why:gsub("^[^ ]*:%d+: ", ""):match("^[^?]*%?"))
end
print(message {surface = "quadrati"})
-- expect: lab.race: no surface 'quadrati'. Did you mean 'quadratic'?

-- Five seeds if nothing is said, the first from the start itself; one where all would be alike.
r = lab.race {optimisers = {"SGD"}, rates = {0.001}, steps = 1, progress = false}
print(#r.runs[1].runs, r.rows[1].x, r.rows[3].x ~= -2) -- expect: 5	-2	true
print(#lab.race({optimisers = {"SGD"}, rates = {0.001}, jitter = 0, progress = false}).runs[1].runs)
-- expect: 1

-- The animation, and the paths after so many steps.
r = lab.race {surface = "rosenbrock", rates = {0.005}, steps = 20, seeds = 1, progress = false}
r:animate("race.gif", {frames = 3})
local gif <close> = assert(io.open("race.gif", "rb"))
local bytes = gif:read("a")
print(bytes:sub(1, 6), #bytes > 1000, select(2, bytes:gsub("\x21\xf9\x04", ""))) -- expect: GIF89a	true	3
print(#r:frames({1, 20}).grid, select(2, pcall(r.animate, r, "race.gif", {rate = 1}))) -- expect: 2	animate: no run at rate 1

-- A function that only tensors can go through, and one that gives no number.
local c = slope_by(function(x, y) return (x:square() + x * y + 2 * y:square()):sum() end)
print(math.abs(a.xs[31] - c.xs[31]) < 1e-12) -- expect: true
print(select(2, pcall(lab.race, {surface = function() return "high" end, progress = false})))
-- expect: lab.race: the surface should give a number for x = -2, y = 2; got string

print((select(2, pcall(lab.race, {optimisers = {3}, progress = false}))))
-- expect: lab.race: an optimiser is a name or {name, class, {options}}; got 3
