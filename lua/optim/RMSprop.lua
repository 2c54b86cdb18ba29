-- SPDX-License-Identifier: GPL-3.0-or-later
local class = require("gradus.optim.Optimizer").class

--- optim.RMSprop(params: {tensor, ...}, {lr: number = 1e-2, alpha: number = 0.99, eps: number = 1e-8, momentum: number = 0, centered: boolean = false, weight_decay: number = 0, l1: number = 0, maximize: boolean = false}) -> Optimizer
--- Adagrad that forgets: s = alpha s + (1 - alpha) g^2, w = w - lr g / (sqrt(s) + eps). centered takes the
--- mean out of s, so that it is a variance.
--- > w = tensor({1}, {requires_grad = true})
--- > opt = optim.RMSprop({w}, {lr = 0.1})
--- > for i = 1, 3 do opt:zero_grad(); (w * w):sum():backward(); opt:step() end
--- > w:item() < 1
--- true
return class("RMSprop", {lr = 1e-2, alpha = 0.99, eps = 1e-8, momentum = 0, centered = false}, "rmsprop")
