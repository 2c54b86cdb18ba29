-- SPDX-License-Identifier: GPL-3.0-or-later
-- Passes over data that are no training steps.
local autograd = require("gradus.autograd")
local core = require("gradus.core")
local mark = require("gradus.nn.mark")
local tensor = require("gradus.tensor")

local M = {}

-- Runs fn with a net's modes changed by `change` and puts them back.
local function with_modes(net, change, fn)
  local before, quiet = {}, mark.quiet_mode
  for i, m in ipairs(net:modules()) do before[i] = {m, m.training} end
  local done <close> = mark.at_exit(function() -- luacheck: ignore 211
    mark.quiet_mode = quiet
    for _, pair in ipairs(before) do pair[1].training = pair[2] end
  end)
  change()
  mark.quiet_mode = true
  return autograd.no_grad(fn)
end

--- nn.mc(net: Module, x: tensor, n: integer = 100) -> mean: tensor, std: tensor, all: tensor
--- Monte-Carlo dropout: n passes with dropout on and everything else in evaluation mode; their mean,
--- their standard deviation (how unsure the net is) and all of them (n, ...).
--- > net = nn.Sequential(nn.Linear(2, 8), nn.Dropout(0.5), nn.Linear(8, 1))
--- > mean, std = nn.mc(net, tensor.ones(3, 2), 20)
--- > mean:size(), std:size()
--- {3, 1}	{3, 1}
function M.mc(net, x, n)
  n = n or 100
  local function only_dropout()
    net:eval()
    for _, m in ipairs(net:modules()) do
      if m:kind():find("^Drop") or m:kind() == "AlphaDropout" then m.training = true end
    end
  end
  local all = with_modes(net, only_dropout, function()
    local passes = {}
    for i = 1, n do passes[i] = net(x):unsqueeze(1) end
    return tensor.cat(passes, 1)
  end)
  local mean = all:mean(1)
  local std = ((all - mean):square():sum(1) / math.max(1, n - 1)):sqrt()
  return mean, std, all
end

--- nn.recalibrate(net: Module, batches: {tensor, ...}) -> Module
--- Computes batch norm's running mean and variance anew over a whole data set, as the plain mean over
--- its batches: population statistics instead of moving averages. A batch may also be {x, y}.
--- > net = nn.Sequential(nn.BatchNorm1d(2))
--- > nn.recalibrate(net, {tensor{{1, 0}, {3, 0}}, tensor{{5, 0}, {7, 0}}});
--- > net[1].running_mean
--- tensor{4, 0}  -- float32 (2)
function M.recalibrate(net, batches)
  if type(batches) ~= "table" then
    error(("nn.recalibrate: batches should be a list of tensors, not %s. Hint: x:split(50)"):format(
      core.is_tensor(batches) and "a tensor" or type(batches)), 2)
  end
  local norms = {}
  for _, m in ipairs(net:modules()) do
    if rawget(m, "running_mean") then norms[#norms + 1] = {m, m.momentum} end
  end
  local function start()
    net:eval()
    for _, pair in ipairs(norms) do
      local m = pair[1]
      m.training, m.momentum = true, false
      m.running_mean:zero_()
      m.running_var:fill_(1)
      m.num_batches_tracked:zero_()
    end
  end
  local done <close> = mark.at_exit(function() -- luacheck: ignore 211
    for _, pair in ipairs(norms) do pair[1].momentum = pair[2] end
  end)
  with_modes(net, start, function()
    for _, batch in ipairs(batches) do
      net(core.is_tensor(batch) and batch or batch.x or batch[1])
    end
  end)
  return net
end

return M
