-- SPDX-License-Identifier: GPL-3.0-or-later
-- What an op costs beside its arithmetic: a chain of ops on one-element tensors, forward and
-- backward. The aim is 0.25 us an op for both together.
-- usage: gradus overhead.lua
local OPS, ROUNDS = 200, 400
local x = tensor(0.5, {requires_grad = true})
local w = tensor(1.001, {requires_grad = true})

local function chain()
  local y = x
  for _ = 1, OPS do y = y * w end
  return y
end

-- The least of several measurements, microseconds an op.
local function least(run)
  local best = math.huge
  for _ = 1, 7 do
    local began = gradus.clock()
    for _ = 1, ROUNDS do run() end
    best = math.min(best, (gradus.clock() - began) / ROUNDS / OPS * 1e6)
  end
  return best
end

local function empty() end
local forward = least(chain)
local both = least(function() chain():backward() end)
local call = least(function() for _ = 1, OPS do empty() end end)
print(("%-28s %.3f us an op"):format("forward", forward))
print(("%-28s %.3f us an op"):format("forward and backward", both))
print(("%-28s %.3f us"):format("an empty call of Lua", call))
