-- SPDX-License-Identifier: GPL-3.0-or-later
-- W3: W2's layers with batch norm and dropout, Adam.
local bench = dofile((arg[0]:match("^(.*/)") or "") .. "common.lua")
gradus.seed(0)
local x, y = tensor.rand(60000, 784), tensor.randint(1, 10, {60000})
local net = bench.mlp({784, 512, 256, 10}, {bn = true, dropout = 0.5})
local opt = optim.Adam(net:parameters(), {lr = 1e-3})
bench.train("W3", net, opt, nn.CrossEntropyLoss(), x, y, 128)
