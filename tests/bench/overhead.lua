-- SPDX-License-Identifier: GPL-3.0-or-later
-- What an op costs beside its arithmetic: chains of ops on one-element tensors, forward and
-- backward. The aim is 0.25 us an op for both together.
-- usage: gradus --threads 1 overhead.lua          medians of nine rounds, microseconds an op
--        gradus --threads 1 overhead.lua OP N     N chains without a clock, for overhead.py
local OPS, CHAINS, ROUNDS = 200, 100, 9 -- of a chain, of a round, of the median
local x = tensor(0.5, {requires_grad = true})
local w = tensor(1.001, {requires_grad = true})

local STEP = {
  {"y * w", function(y) return y * w end},
  {"y + 1", function(y) return y + 1 end},
  {"y:tanh()", function(y) return y:tanh() end},
}

local function chain(op)
  local y = x
  for _ = 1, OPS do y = op(y) end
  return y
end

-- On one thread, seconds of the processor: other programs on the machine do not lengthen them.
local clock = gradus.threads() == 1 and os.clock or gradus.clock

-- The median of the rounds, and the least: microseconds an op.
local function microseconds(run)
  local times = {}
  for round = 0, ROUNDS do
    local from = clock()
    for _ = 1, CHAINS do run() end
    if round > 0 then times[round] = (clock() - from) / CHAINS / OPS * 1e6 end
  end
  table.sort(times)
  return times[ROUNDS // 2 + 1], times[1]
end

local function both(op)
  return function() chain(op):backward() end
end

-- The op of a name, for N chains of it.
local function named(wanted)
  local names = {}
  for i, step in ipairs(STEP) do
    if step[1] == wanted then return step[2] end
    names[i] = "'" .. step[1] .. "'"
  end
  error(("no op '%s'; there are %s"):format(wanted, table.concat(names, ", ")), 0)
end

if arg[1] then
  local run, count = both(named(arg[1])), tonumber(arg[2])
  if not count then error("usage: overhead.lua OP N", 0) end
  for _ = 1, count do run() end
  return
end
print(("%-10s %22s %22s"):format("us an op", "forward", "forward and backward"))
for _, step in ipairs(STEP) do
  local name, op = table.unpack(step)
  local forward, least_forward = microseconds(function() chain(op) end)
  print(("%-10s %8.3f (least %.3f) %8.3f (least %.3f)"):format(name, forward, least_forward,
    microseconds(both(op))))
end
