-- SPDX-License-Identifier: GPL-3.0-or-later
-- Population statistics, Monte-Carlo passes, annealed dropout, DropConnect, clones, names.
nn.quiet()
local net = nn.Sequential(nn.BatchNorm1d(2), nn.Linear(2, 1)):eval()
nn.recalibrate(net, {tensor{{1, 0}, {3, 4}}, {tensor{{5, 0}, {7, 8}}, tensor{1, 1}}})
local v = net[1].running_var
print(net[1].running_mean:_at(1), net[1].running_mean:_at(2))    -- expect: 4.0	3.0
print(v:_at(1), v:_at(2), net[1].momentum, net[1].training)      -- expect: 2.0	20.0	0.1	false
print(select(2, pcall(nn.recalibrate, net, tensor.ones(4, 2))))
-- expect: nn.recalibrate: batches should be a list of tensors, not a tensor. Hint: x:split(50)

local drop = nn.Sequential(nn.Linear(4, 50), nn.Dropout(0.5), nn.Linear(50, 1)):eval()
local x = tensor.randn(3, 4)
local mean, std, all = nn.mc(drop, x, 200)
print(all:size(1), std:gt(0):sum():item(), drop.training, drop[2].training)  -- expect: 200	3.0	false	false
print(((mean - drop(x)):abs() / std):max():item() < 0.5)         -- expect: true
drop[2].p = 0
drop:train()
print((drop(x) - drop(x)):abs():sum():item())                    -- expect: 0.0

local dc = nn.DropConnect(100, 50, 0.25)
nn.init.ones_(dc.weight)
nn.init.zeros_(dc.bias)
local y = dc(tensor.ones(1, 100))
print(math.abs(y:mean():item() - 100) < 4, dc:eval()(tensor.ones(1, 100)):mean():item())  -- expect: true	100.0
print(dc)                                            -- expect: DropConnect(100 -> 50, p = 0.25) (eval)

local named = nn.Sequential({{"fc1", nn.Linear(2, 3)}, {"act", nn.ReLU()}})
print(named.fc1, named[2], #named, named:state_dict()[1])        -- expect: Linear(2 -> 3)	ReLU()	2	fc1.weight
named.fc1 = nn.Linear(2, 7)
print(named[1], #named:parameters())                 -- expect: Linear(2 -> 7)	2
local copy = named:clone()
copy.fc1.weight:detach():fill_(0)
print(named.fc1.weight:detach():abs():sum():item() > 0, copy)
-- expect: true	Sequential (train)
-- expect:   fc1: Linear(2 -> 7)
-- expect:   act: ReLU()

local layer = nn.Linear(2, 2)
-- Frozen parameters are still parameters.
layer:requires_grad_(false)
print(#layer:parameters(), layer.weight.requires_grad)           -- expect: 2	false
