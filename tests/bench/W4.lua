-- SPDX-License-Identifier: GPL-3.0-or-later
-- W4: LeNet on 28 x 28 images, SGD with momentum, batch 64.
local bench = dofile((arg[0]:match("^(.*/)") or "") .. "common.lua")
gradus.seed(0)
local x, y = tensor.rand(20000, 1, 28, 28), tensor.randint(1, 10, {20000})
local net = nn.Sequential(
  nn.Conv2d(1, 6, 5, {padding = 2}), nn.ReLU(), nn.MaxPool2d(2),
  nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
  nn.Flatten(),
  nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
local opt = optim.SGD(net:parameters(), {lr = 0.01, momentum = 0.9})
bench.train("W4", net, opt, nn.CrossEntropyLoss(), x, y, 64)
