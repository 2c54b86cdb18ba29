-- SPDX-License-Identifier: GPL-3.0-or-later
local class = require("gradus.optim.Optimizer").class

--- optim.NAdam(params: {tensor, ...}, {lr: number = 2e-3, betas: {number, number} = {0.9, 0.999}, eps: number = 1e-8, momentum_decay: number = 4e-3, weight_decay: number = 0, l1: number = 0, maximize: boolean = false}) -> Optimizer
--- Adam with Nesterov's look ahead (Dozat 2016), with momenta mu_t = b1 (1 - 0.5 * 0.96^(t momentum_decay)).
--- The rule is the one PyTorch has since 2.0.
--- > w = tensor({1}, {requires_grad = true})
--- > opt = optim.NAdam({w}, {lr = 0.1})
--- > for i = 1, 3 do opt:zero_grad(); (w * w):sum():backward(); opt:step() end
--- > w:item() < 1
--- true
return class("NAdam", {lr = 2e-3, betas = {0.9, 0.999}, eps = 1e-8, momentum_decay = 4e-3}, "nadam")
