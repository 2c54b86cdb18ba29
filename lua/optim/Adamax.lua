-- SPDX-License-Identifier: GPL-3.0-or-later
local class = require("gradus.optim.Optimizer").class

--- optim.Adamax(params: {tensor, ...}, {lr: number = 2e-3, betas: {number, number} = {0.9, 0.999}, eps: number = 1e-8, weight_decay: number = 0, l1: number = 0, maximize: boolean = false}) -> Optimizer
--- Adam with the largest gradient in place of the mean square: u = max(b2 u, |g| + eps),
--- w = w - lr / (1 - b1^t) m / u.
--- > w = tensor({1}, {requires_grad = true})
--- > opt = optim.Adamax({w}, {lr = 0.1})
--- > for i = 1, 3 do opt:zero_grad(); (w * w):sum():backward(); opt:step() end
--- > w:item() < 1
--- true
return class("Adamax", {lr = 2e-3, betas = {0.9, 0.999}, eps = 1e-8}, "adamax")
