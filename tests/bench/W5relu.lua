-- SPDX-License-Identifier: GPL-3.0-or-later
-- W5: the init-variance experiment: 50 layers of 256, fresh weights, 1,024
-- samples; mean, std and a histogram of every activation and every gradient.
local bench = dofile(arg[0]:match("^(.*/)") .. "common.lua")
gradus.seed(0)
local x = tensor.randn(1024, 256)

local function experiment()
  local h, seen = x, {}
  local function look(g) seen[#seen + 1] = g:stats{bins = 64} end
  for _ = 1, 50 do
    local w = tensor.zeros(256, 256)
    nn.init.kaiming_normal_(w, {nonlinearity = "relu"})
    h = tensor.linear(h, w:requires_grad_()):relu()
    h:register_hook(look)
    look(h)
  end
  (h * h):mean():backward()
  assert(#seen == 100)
end
bench.report("W5relu", bench.time(experiment, {warm = 0.01, min_blocks = 5}))
