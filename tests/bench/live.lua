-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a live picture costs a training, for steps of several lengths: turn about with and without it.
-- usage: gradus --threads 1 live.lua [SCREEN [SECONDS [ROUNDS]]]     figures go to standard error
--        gradus --threads 1 live.lua count plain|add|frame OPS N     N steps, for live.py to count
-- live.py calls it on a terminal of its own. Steps are forward, backward and an end of the gradient for a chain of
-- ops on one-element tensors, which makes as much garbage as a small training does.
local screen, seconds, rounds = arg[1] or "text", tonumber(arg[2]) or 2, tonumber(arg[3]) or 8
local LENGTHS = {2.4e-6, 6e-6, 27e-6, 200e-6}
local w = tensor(0.999, {requires_grad = true})

local function step(ops)
  local y = w
  for _ = 1, ops do y = y * w end
  y:backward()
  w.grad = nil
  return 0.5
end

local function train(ops, n, live)
  if live then
    for _ = 1, n do live:add("train", step(ops)) end
    live:close()
  else
    for _ = 1, n do step(ops) end
  end
end

if screen == "count" then
  local mode, ops, n = arg[2], tonumber(arg[3]), tonumber(arg[4])
  local live = mode ~= "plain" and plot.live {screen = "none"}
  for _ = 1, n do
    local loss = step(ops)
    if live then live:add("train", loss) end
    if mode == "frame" then require("gradus.plot.output").terminal_text(live:figure()) end
  end
  return
end

plot.terminal(screen)
local clock, gnuplot = gradus.clock, require "gradus.gnuplot"

-- Seconds of the processor and of the clock on the wall, and what gnuplot used of the processor meanwhile.
local function timed(...)
  local cpu, wall, other = os.clock(), clock(), gnuplot.seconds()
  train(...)
  return os.clock() - cpu, clock() - wall, gnuplot.seconds() - other
end

local function median(t)
  table.sort(t)
  return (t[(#t + 1) // 2] + t[#t // 2 + 1]) / 2
end

-- Ops for a step of some length, and its length.
local function calibrate(length)
  local ops = 1
  repeat
    local n = math.ceil(0.05 / length)
    timed(ops, n)
    local each = timed(ops, n) / n
    if each >= length * 0.95 then return ops, each end
    ops = math.max(ops + 1, math.floor(ops * math.min(2, length / each)))
  until false
end

local function measure(length)
  local ops, each = calibrate(length)
  local n, cpu, wall, other, frames = math.ceil(seconds / each), {}, {}, {}, 0
  for round = 1, rounds do
    local c0, w0
    if round % 2 == 0 then c0, w0 = timed(ops, n) end
    local live = plot.live {ylabel = "loss"}
    local c1, w1, g1 = timed(ops, n, live)
    if round % 2 == 1 then c0, w0 = timed(ops, n) end
    cpu[round], wall[round], frames = c1 / c0 - 1, w1 / w0 - 1, frames + live.frames
    other[round] = g1 / w1
  end
  io.stderr:write(("%8.1f %10d %12.1f %11.1f%% %11.1f%% %11.1f%%\n"):format(each * 1e6, n, frames / rounds,
    median(cpu) * 100, median(wall) * 100, median(other) * 100))
end

io.stderr:write(("%8s %10s %12s %12s %12s %12s\n"):format("us/step", "steps", "frames", "processor", "clock", "gnuplot"))
for _, length in ipairs(LENGTHS) do measure(length) end
