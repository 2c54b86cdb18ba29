-- SPDX-License-Identifier: GPL-3.0-or-later
-- Timing as the peer's scripts do it: warm up, then blocks of steps until the
-- time is over; the median block is the figure. One JSON line is printed.
-- Usage of every workload: gradus [--threads N] W1.lua [SECONDS]

local M = {}

-- Seconds that pass, not seconds of a processor.
local now = gradus.clock

function M.time(step, o)
  o = o or {}
  local secs, warm = tonumber(arg[1]) or 0.8, o.warm or 0.3
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

-- One training step on a random minibatch, as a function.
function M.trainer(net, x, y, batch, opt, loss_of)
  local n = x:size(1)
  return function()
    local index = tensor.randint(1, n, {batch})
    local input = x:index_select(1, index)
    local target = y and y:index_select(1, index) or input
    local loss = loss_of(net(input), target)
    opt:zero_grad()
    loss:backward()
    opt:step()
    return loss
  end
end

return M
