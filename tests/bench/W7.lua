-- SPDX-License-Identifier: GPL-3.0-or-later
-- W7: autoencoder 784-256-64-256-784, squared error, Adam, batch 128.
local bench = dofile((arg[0]:match("^(.*/)") or "") .. "common.lua")
gradus.seed(0)
local x = tensor.rand(60000, 784)
local net = bench.mlp{784, 256, 64, 256, 784}
local opt = optim.Adam(net:parameters(), {lr = 1e-3})
bench.train("W7", net, opt, nn.MSELoss(), x, nil, 128)
