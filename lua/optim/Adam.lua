-- SPDX-License-Identifier: GPL-3.0-or-later
local class = require("gradus.optim.Optimizer").class

--- optim.Adam(params: {tensor, ...}, {lr: number = 1e-3, betas: {number, number} = {0.9, 0.999}, eps: number = 1e-8, amsgrad: boolean = false, weight_decay: number = 0, l1: number = 0, maximize: boolean = false}) -> Optimizer
--- Momentum and a rate for each weight (Kingma and Ba 2015):
--- m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2,
--- w = w - lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps).
--- The divisions undo that m and v begin at 0. amsgrad uses the largest v so far. weight_decay is part of
--- g here, so it is scaled as g is: optim.AdamW keeps it apart.
--- > w = tensor({1}, {requires_grad = true})
--- > opt = optim.Adam({w}, {lr = 0.1})
--- > for i = 1, 3 do opt:zero_grad(); (w * w):sum():backward(); opt:step() end
--- > w:item() < 1
--- true
return class("Adam", {lr = 1e-3, betas = {0.9, 0.999}, eps = 1e-8, amsgrad = false}, "adam")
