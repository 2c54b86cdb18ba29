-- SPDX-License-Identifier: GPL-3.0-or-later
-- W1: a spiral of three arms, MLP 2-64-64-3, Adam, batch 64: the cost of calls.
local bench = dofile((arg[0]:match("^(.*/)") or "") .. "common.lua")
gradus.seed(0)
local xs, ys = {}, {}
for c = 1, 3 do
  local r = tensor.linspace(0, 1, 100)
  local t = tensor.linspace((c - 1) * 4, c * 4, 100) + tensor.randn(100) * 0.2
  xs[c] = tensor.stack({r * t:sin(), r * t:cos()}, 2)
  ys[c] = tensor.full({100}, c)
end
local net = bench.mlp{2, 64, 64, 3}
local opt = optim.Adam(net:parameters(), {lr = 1e-3})
bench.train("W1", net, opt, nn.CrossEntropyLoss(), tensor.cat(xs), tensor.cat(ys), 64)
