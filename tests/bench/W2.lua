-- SPDX-License-Identifier: GPL-3.0-or-later
-- W2: MLP 784-512-256-10, cross-entropy, SGD with momentum, batch 128 of 60,000.
local bench = dofile((arg[0]:match("^(.*/)") or "") .. "common.lua")
gradus.seed(0)
local x, y = tensor.rand(60000, 784), tensor.randint(1, 10, {60000})
local net = bench.mlp{784, 512, 256, 10}
local opt = optim.SGD(net:parameters(), {lr = 0.01, momentum = 0.9})
bench.train("W2", net, opt, nn.CrossEntropyLoss(), x, y, 128)
