-- SPDX-License-Identifier: GPL-3.0-or-later
local class = require("gradus.optim.Optimizer").class

--- optim.Adadelta(params: {tensor, ...}, {lr: number = 1, rho: number = 0.9, eps: number = 1e-6, weight_decay: number = 0, l1: number = 0, maximize: boolean = false}) -> Optimizer
--- Needs no rate: the step is g sqrt(d + eps) / sqrt(s + eps), where s and d are moving averages (rho) of
--- g^2 and of the squared steps.
--- > w = tensor({1}, {requires_grad = true})
--- > opt = optim.Adadelta({w}, {lr = 0.1})
--- > for i = 1, 3 do opt:zero_grad(); (w * w):sum():backward(); opt:step() end
--- > w:item() < 1
--- true
return class("Adadelta", {lr = 1, rho = 0.9, eps = 1e-6}, "adadelta")
