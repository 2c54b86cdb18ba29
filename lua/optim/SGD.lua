-- SPDX-License-Identifier: GPL-3.0-or-later
local class = require("gradus.optim.Optimizer").class

--- optim.SGD(params: {tensor, ...}, {lr: number = 1e-3, momentum: number = 0, dampening: number = 0, nesterov: boolean = false, average: boolean = false, weight_decay: number = 0, l1: number = 0, maximize: boolean = false}) -> Optimizer
--- Gradient descent: w = w - lr g, with g the gradient plus weight_decay * w plus l1 * sign(w).
---
--- With momentum, a heavy ball: u = momentum u + (1 - dampening) g, w = w - lr u; the first u is g.
--- With nesterov the step is g + momentum u. With average = true u is a true moving average,
--- u = momentum u + (1 - momentum) g from u = 0, so that momentum does not change the size of steps.
--- > w = tensor({1}, {requires_grad = true})
--- > opt = optim.SGD({w}, {lr = 0.1})
--- > for i = 1, 3 do opt:zero_grad(); (w * w):sum():backward(); opt:step() end
--- > w:item() < 1
--- true
return class("SGD", {lr = 1e-3, momentum = 0, dampening = 0, nesterov = false, average = false}, "sgd")
