-- SPDX-License-Identifier: GPL-3.0-or-later
-- Initialisers that look at the data.

local autograd = require("gradus.autograd")
local fans = require("gradus.nn.initialise.fans")
local mark = require("gradus.nn.mark")
local options = require("gradus.options")
local orthogonal = require("gradus.nn.initialise.orthogonal")
local tensor = require("gradus.tensor")

local M = {}

-- The variance of one layer's output for a batch, seen by a hook.
local function output_variance(net, layer, batch)
  local variance
  local hook = layer:register_forward_hook(function(_, _, y)
    local centred = y - y:mean()
    variance = centred:square():mean():item()
  end)
  local done <close> = mark.at_exit(function() hook:remove() end) -- luacheck: ignore 211
  net(batch)
  return variance
end

local function scale_to_one(net, layer, batch, o)
  local variance
  for _ = 1, o.iterations do
    variance = output_variance(net, layer, batch)
    if not variance or variance == 0 or variance ~= variance then return variance end
    if math.abs(variance - 1) <= o.tolerance then return variance end
    local w = layer.weight:detach()
    w:copy_(w / math.sqrt(variance))
  end
  return output_variance(net, layer, batch)
end

--- nn.init.lsuv_(net: Module, batch: tensor, {tolerance: number = 0.1, iterations: integer = 10, orthogonal: boolean = true}) -> {{layer, variance}, ...}
--- Layer-sequential unit variance (Mishkin and Matas 2016): orthonormal weights, then each layer in
--- turn is divided by the standard deviation of its outputs for a batch until their variance is 1.
--- Right for any depth and activation, since it measures rather than derives. Returns the variance
--- reached by each layer.
--- > net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 8))
--- > seen = nn.init.lsuv_(net, tensor.randn(64, 4))
--- > math.abs(seen[2][2] - 1) < 0.1
--- true
function M.lsuv_(net, batch, given)
  local o = options.read("nn.init.lsuv_", given,
    {tolerance = 0.1, iterations = 10, orthogonal = true})
  local layers, seen = {}, {}
  for _, layer in ipairs(net:modules()) do
    local w = rawget(layer, "weight")
    if w and w:dim() >= 2 and layer:kind() ~= "Embedding" then layers[#layers + 1] = layer end
  end
  for _, layer in ipairs(layers) do
    if o.orthogonal then orthogonal.orthogonal_(layer.weight) end
  end
  mark.without_marks(net, function()
    autograd.no_grad(function()
      for i, layer in ipairs(layers) do seen[i] = {layer, scale_to_one(net, layer, batch, o)} end
    end)
  end)
  return seen
end

--- nn.init.log_prior_(bias: tensor, labels: tensor) -> tensor
--- Sets an output bias to the logarithm of each class's share of the labels 1..C, so that the first
--- predictions are the shares and the first loss is their entropy. Right for unbalanced classes.
--- A bias of one number takes labels 0 and 1 and becomes log(p / (1 - p)). A class that does not
--- occur counts as half a label.
--- > nn.init.log_prior_(tensor.zeros(2), tensor{1, 1, 1, 2}):exp()
--- tensor{0.7500, 0.2500}  -- float32 (2)
function M.log_prior_(bias, labels)
  local b, n = fans.check("log_prior_", bias), labels:numel()
  if n == 0 then error("nn.init.log_prior_: there are no labels", 2) end
  if b:numel() == 1 then
    local ones = math.min(math.max(labels:sum():item(), 0.5), n - 0.5)
    b:fill_(math.log(ones / (n - ones)))
    return bias
  end
  local logs, known = {}, 0
  for c = 1, b:numel() do
    local count = labels:eq(c):sum():item()
    known = known + count
    logs[c] = math.log(math.max(count, 0.5) / n)
  end
  if known ~= n then
    error(("nn.init.log_prior_: %d of %d labels are not in 1..%d. Hint: labels count from 1"):format(
      n - known, n, b:numel()), 2)
  end
  b:copy_(tensor(logs):reshape(b:size()))
  return bias
end

return M
