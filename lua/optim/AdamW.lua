-- SPDX-License-Identifier: GPL-3.0-or-later
local class = require("gradus.optim.Optimizer").class

--- optim.AdamW(params: {tensor, ...}, {lr: number = 1e-3, betas: {number, number} = {0.9, 0.999}, eps: number = 1e-8, weight_decay: number = 1e-2, amsgrad: boolean = false, l1: number = 0, maximize: boolean = false}) -> Optimizer
--- Adam with decoupled decay (Loshchilov and Hutter 2019): w = w (1 - lr weight_decay) before Adam's step,
--- so that every weight decays alike however large its gradients are.
--- > w = tensor({1}, {requires_grad = true})
--- > opt = optim.AdamW({w}, {lr = 0.1})
--- > for i = 1, 3 do opt:zero_grad(); (w * w):sum():backward(); opt:step() end
--- > w:item() < 1
--- true
local defaults = {lr = 1e-3, betas = {0.9, 0.999}, eps = 1e-8, weight_decay = 1e-2, amsgrad = false}
return class("AdamW", defaults, "adam", {decoupled = true})
