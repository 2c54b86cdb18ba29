-- SPDX-License-Identifier: GPL-3.0-or-later
-- W6: Rosenbrock's valley, two single numbers, autograd, Adam.
local bench = dofile((arg[0]:match("^(.*/)") or "") .. "common.lua")
local x = tensor(-1.2, {requires_grad = true})
local y = tensor(1, {requires_grad = true})
local opt = optim.Adam({x, y}, {lr = 1e-3})

local function step()
  local loss = (1 - x) ^ 2 + 100 * (y - x * x) ^ 2
  opt:zero_grad()
  loss:backward()
  opt:step()
  return loss
end

local function run()
  for _ = 1, 2000 do step() end
end

local given = bench.given()
if given then
  local losses = {}
  for i = 1, 20 do losses[i] = step():item() end
  bench.compare("W6", losses, given)
else
  bench.report("W6", bench.time(run, {warm = 0.2, min_blocks = 5}) / 2000)
end
