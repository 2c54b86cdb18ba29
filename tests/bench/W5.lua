-- SPDX-License-Identifier: GPL-3.0-or-later
-- W5tanh and W5relu: the init-variance experiment: 50 layers of 256, fresh weights, 1,024
-- samples; mean, std and a histogram of every activation and every gradient.
-- usage: gradus W5.lua tanh|relu [SECONDS]
local bench = dofile((arg[0]:match("^(.*/)") or "") .. "common.lua")
gradus.seed(0)
local kind = table.remove(arg, 1)
if kind ~= "tanh" and kind ~= "relu" then error("usage: gradus W5.lua tanh|relu [SECONDS]", 0) end
local given = bench.given() -- PyTorch's weights and samples, where they are compared
local x = given and given.x or tensor.randn(1024, 256)

local function weight(layer)
  if given then return given["w" .. layer] end
  local w = tensor.zeros(256, 256)
  if kind == "tanh" then return nn.init.xavier_normal_(w) end
  return nn.init.kaiming_normal_(w, {nonlinearity = "relu"})
end

local function experiment()
  local h, seen = x, {}
  local function look(g) seen[#seen + 1] = g:stats{bins = 64} end
  for layer = 1, 50 do
    h = tensor.linear(h, weight(layer):requires_grad_())
    h = kind == "tanh" and h:tanh() or h:relu()
    h:register_hook(look)
    look(h)
  end
  (h * h):mean():backward()
  assert(#seen == 100)
  return seen
end

if given then
  -- The stds of the first twenty activations, and of the first twenty gradients that come back.
  local seen, stds = experiment(), {}
  for i = 1, 20 do stds[i], stds[20 + i] = seen[i].std, seen[50 + i].std end
  bench.compare("W5" .. kind, stds, given)
else
  bench.report("W5" .. kind, bench.time(experiment, {warm = 0.01, min_blocks = 5}))
end
