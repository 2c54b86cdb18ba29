-- SPDX-License-Identifier: GPL-3.0-or-later
-- net:summary: what each layer gives out and costs; it changes nothing.
local net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
  nn.Dropout(0.5), nn.Linear(36, 10))
local core = require("gradus.core")
local before, random = net[2].running_mean:clone(), table.concat(core.random_state(), " ")
local s = net:summary({2, 1, 8, 8})
print(s)
-- expect: path  layer                     output        parameters  multiply-adds  mode
-- expect: [1]   Conv2d(1 -> 4, ...)       (2, 4, 6, 6)          40           2592  train
-- expect: [2]   BatchNorm2d(4)            (2, 4, 6, 6)           8              0  train
-- expect: [3]   ReLU()                    (2, 4, 6, 6)           0              0  train
-- expect: [4]   MaxPool2d(kernel 2, ...)  (2, 4, 3, 3)           0              0  train
-- expect: [5]   Flatten()                 (2, 36)                0              0  train
-- expect: [6]   Dropout(p = 0.5)          (2, 36)                0              0  train
-- expect: [7]   Linear(36 -> 10)          (2, 10)              370            720  train
-- expect: Sequential, input (2, 1, 8, 8): 418 parameters, 3312 multiply-adds
print((net[2].running_mean - before):abs():sum():item(), net[2].num_batches_tracked:item())  -- expect: 0.0	0.0
print(table.concat(core.random_state(), " ") == random)  -- expect: true
print(s.parameters, s.multiply_adds)                 -- expect: 418	3312
-- What is frozen is counted apart.
net[1]:requires_grad_(false)
print(tostring(net:summary({2, 1, 8, 8})):match("[^\n]+$"))
-- expect: Sequential, input (2, 1, 8, 8): 418 parameters (378 trainable), 3312 multiply-adds
-- Where shapes clash: the layers up to there, and the error.
net[7] = nn.Linear(35, 10)
print(net:summary({2, 1, 8, 8}).error)
-- expect: net[7] Linear(35 -> 10): input is (2, 36); expected (*, 35). Hint: nn.Linear(36, 10) would fit
