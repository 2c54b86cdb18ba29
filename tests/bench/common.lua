-- SPDX-License-Identifier: GPL-3.0-or-later
-- Timing as the peer's scripts do it: warm up, then blocks of steps until the
-- time is over; the median block is the figure. One JSON line is printed.
-- Usage of every workload: gradus [--threads N] W1.lua [SECONDS]
-- or, for agree.py, with a file that peer/first_losses.py has written:
--     gradus W1.lua --agree FILE

local M = {}

-- Seconds that pass, not seconds of a processor.
local now = gradus.clock

function M.time(step, o)
  o = o or {}
  local secs, warm = tonumber(arg[1] or 0.8), o.warm or 0.3
  if not secs then error(("expected seconds, a number; got '%s'"):format(arg[1]), 0) end
  local began, n = now(), 0
  repeat
    step()
    n = n + 1
  until now() - began > warm and n >= 2
  local block = math.max(1, math.floor(0.02 / ((now() - began) / n)))
  local times = {}
  began = now()
  while (now() - began < secs or #times < (o.min_blocks or 7)) and #times < 400 do
    local from = now()
    for _ = 1, block do step() end
    times[#times + 1] = (now() - from) / block
  end
  table.sort(times)
  local middle = #times // 2 + 1
  return #times % 2 == 1 and times[middle] or (times[middle] + times[middle - 1]) / 2
end

local function peak_memory()
  for line in io.lines("/proc/self/status") do
    local kb = line:match("^VmHWM:%s+(%d+)")
    if kb then return tonumber(kb) // 1024 end
  end
  return 0
end

function M.report(name, seconds)
  print(('{"peer": "gradus", "workload": "%s", "threads": %d, "us_per_step": %.2f, "rss_mb": %d}')
    :format(name, gradus.threads(), seconds * 1e6, peak_memory()))
end

-- A multi-layer net: Linear, then (batch norm,) ReLU (and dropout) but for the last.
function M.mlp(widths, o)
  o = o or {}
  local layers = {}
  for i = 1, #widths - 1 do
    layers[#layers + 1] = nn.Linear(widths[i], widths[i + 1])
    if i < #widths - 1 then
      if o.bn then layers[#layers + 1] = nn.BatchNorm1d(widths[i + 1]) end
      layers[#layers + 1] = nn.ReLU()
      if o.dropout then layers[#layers + 1] = nn.Dropout(o.dropout) end
    end
  end
  return nn.Sequential(table.unpack(layers))
end

-- PyTorch's weights, data and losses, where the workload is to be compared and not timed.
function M.given()
  if arg[1] ~= "--agree" then return nil end
  if not arg[2] then error("usage: --agree FILE, which peer/first_losses.py writes", 0) end
  return data.safetensors(arg[2])
end

-- The largest relative distance of a workload's losses from PyTorch's, as a JSON line.
function M.compare(name, losses, given)
  local worst = 0
  for i, loss in ipairs(losses) do
    local e = given.losses[i]:item()
    local off = math.abs(loss - e) / math.max(math.abs(e), 1e-12)
    worst = off < 1e9 and math.max(worst, off) or 1e9 -- JSON has no nan and no inf
  end
  print(('{"workload": "%s", "losses": %d, "worst": %.3g, "own": %.3g}')
    :format(name, #losses, worst, given.own:item()))
end

-- One training step on a minibatch, as a function of the places of its samples.
local function stepper(net, opt, loss_of, x, y)
  return function(index)
    local input = x:index_select(1, index)
    local target = y and y:index_select(1, index) or input
    local loss = loss_of(net(input), target)
    opt:zero_grad()
    loss:backward()
    opt:step()
    return loss
  end
end

-- The same steps on PyTorch's weights, data and minibatches. Dropout lets all pass, since the
-- masks of two libraries differ.
local function agree(name, net, opt, loss_of, given)
  local state = {}
  for key in pairs(net:state_dict()) do state[key] = given["net." .. key] end
  net:load_state_dict(state)
  for _, module in ipairs(net:modules()) do
    if module:kind() == "Dropout" then module.p = 0 end
  end
  local step, losses = stepper(net, opt, loss_of, given.x, given.y), {}
  for i = 1, given.index:size(1) do losses[i] = step(given.index[i]):item() end
  M.compare(name, losses, given)
end

--- Times the training of a net on random minibatches, or compares it with PyTorch.
function M.train(name, net, opt, loss_of, x, y, batch)
  local given, n = M.given(), x:size(1)
  if given then return agree(name, net, opt, loss_of, given) end
  local step = stepper(net, opt, loss_of, x, y)
  M.report(name, M.time(function() step(tensor.randint(1, n, {batch})) end))
end

return M
