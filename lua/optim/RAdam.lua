-- SPDX-License-Identifier: GPL-3.0-or-later
local class = require("gradus.optim.Optimizer").class

--- optim.RAdam(params: {tensor, ...}, {lr: number = 1e-3, betas: {number, number} = {0.9, 0.999}, eps: number = 1e-8, weight_decay: number = 0, l1: number = 0, maximize: boolean = false}) -> Optimizer
--- Adam that waits (Liu et al. 2020): as long as v rests on too few gradients the step is plain momentum,
--- then Adam's times a correction.
--- > w = tensor({1}, {requires_grad = true})
--- > opt = optim.RAdam({w}, {lr = 0.1})
--- > for i = 1, 3 do opt:zero_grad(); (w * w):sum():backward(); opt:step() end
--- > w:item() < 1
--- true
return class("RAdam", {lr = 1e-3, betas = {0.9, 0.999}, eps = 1e-8}, "radam")
