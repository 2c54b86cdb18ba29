-- SPDX-License-Identifier: GPL-3.0-or-later
-- Live pictures take at most 2 % of a training's time: counted on a clock of the test's own, so that the
-- machine has no say. A training takes steps, each step asks whether a frame is due.
local pace = require("gradus.plot.pace")
local function simulate(step, cost, seconds, from)
  local now = 100
  local p = pace.new(function() return now end)
  local frames, worst, first, last_at, fastest = 0, 0, nil, nil, 1 / 0
  while now - 100 < seconds do
    now = now + step(now - 100)
    if p:is_due() then
      local at = now
      p:measure(function() now = now + cost(frames) end)
      frames, first = frames + 1, first or at - 100
      if last_at then fastest = math.min(fastest, at - last_at) end
      last_at = at
    end
    if now - 100 > from then worst = math.max(worst, p.spent / p:passed()) end
  end
  return frames, worst, fastest, first
end
local function constant(v) return function() return v end end
local ms = 1e-3
-- The steps, the frames, how long, and from when on the share is looked at: a first frame that is far dearer
-- than anyone could know has to be paid off.
for _, case in ipairs {
  {"text, 2 ms", constant(1 * ms), constant(2 * ms), 20},
  {"text, 7 ms", constant(0.05 * ms), constant(7 * ms), 5},
  {"sixel, 20 ms", constant(1 * ms), constant(20 * ms), 20},
  {"slow link, 200 ms", constant(1 * ms), constant(200 * ms), 60, 5.2},
  {"steps of 1 s", constant(1), constant(7 * ms), 60},
  {"costs that grow", constant(1 * ms), function(n) return (1 + n) * ms end, 20},
  {"one frame in ten is dear", constant(1 * ms), function(n) return n % 10 == 0 and 50 * ms or 2 * ms end, 20, 1.5},
} do
  local frames, worst, fastest, first = simulate(case[2], case[3], case[4], case[5] or 0.5)
  local useful = worst > 0.01 or frames >= 8 * case[4] or case[1] == "steps of 1 s"
  print(case[1], worst <= 0.05 or worst, fastest >= 0.1, first <= 1.01, useful)
end
-- expect: text, 2 ms	true	true	true	true
-- expect: text, 7 ms	true	true	true	true
-- expect: sixel, 20 ms	true	true	true	true
-- expect: slow link, 200 ms	true	true	true	true
-- expect: steps of 1 s	true	true	true	true
-- expect: costs that grow	true	true	true	true
-- expect: one frame in ten is dear	true	true	true	true
-- At the end of a training, however short, the share holds.
for _, seconds in ipairs {0.1, 0.3, 0.5, 1, 3, 10} do
  local now = 0
  local p, frames = pace.new(function() return now end), 0
  while now < seconds do
    now = now + 0.5 * ms
    if p:is_due() then p:measure(function() now = now + 8 * ms end) frames = frames + 1 end
  end
  print(seconds, frames, p.spent / now <= 0.02)
end
-- expect: 0.1	0	true
-- expect: 0.3	0	true
-- expect: 0.5	1	true
-- expect: 1	2	true
-- expect: 3	7	true
-- expect: 10	25	true
-- What each step costs beside the frames counts, too: 1 us a step of 100 us leaves 1 % for frames; of 10 us
-- it is more than the share, and a quarter of that stays for frames.
for _, step in ipairs {100e-6, 10e-6} do
  local t, n = 0, 0
  local q = pace.new(function() return t end)
  while t < 20 do
    t = t + step
    q:count(1e-6)
    if q:is_due() then q:measure(function() t = t + 5 * ms end) n = n + 1 end
  end
  print(n > 30, q.spent / t + q.beside / t <= 0.02 or ("%.3f"):format(q.spent / t))
end
-- expect: true	true
-- expect: false	0.005
-- An error while drawing counts as well, and passes.
local now = 0
local p = pace.new(function() return now end)
print(pcall(p.measure, p, function() now = now + 1; error("no", 0) end))  -- expect: false	no
print(p.spent, p:is_due())                            -- expect: 1	false
-- What gnuplot uses beside it counts: 30 ms a frame and 2 ms here, all together at most 4 %. Its start, half a second, does
-- not; nor does that of another one that takes its place.
local t, used, started = 0, 0, false
local p2 = pace.new(function() return t end, {helper = function() return used end})
local n, at = 0, {}
while t < 60 do
  t = t + 1 * ms
  if p2:is_due() then
    if not started then used, started = used + 0.5, true end
    p2:measure(function() t = t + 2 * ms end)
    used, n = used + 30 * ms, n + 1
    at[n] = t
    if n == 30 then used = 0.5 end
  end
end
print(n > 60 and n <= 80, ((n - 3) * 32 * ms) / (60 - at[2]) <= 0.042, at[2] - at[1] <= 0.11)
-- expect: true	true	true
-- One that uses nothing changes nothing.
t, n = 0, 0
local p3 = pace.new(function() return t end, {helper = function() return 3 end})
while t < 10 do
  t = t + 1 * ms
  if p3:is_due() then p3:measure(function() t = t + 1 * ms end) n = n + 1 end
end
print(n > 80, n <= 100)                               -- expect: true	true
