-- SPDX-License-Identifier: GPL-3.0-or-later
local class = require("gradus.optim.Optimizer").class

--- optim.Rprop(params: {tensor, ...}, {lr: number = 1e-2, etas: {number, number} = {0.5, 1.2}, step_sizes: {number, number} = {1e-6, 50}, weight_decay: number = 0, l1: number = 0, maximize: boolean = false}) -> Optimizer
--- Only the sign of the gradient counts: each weight has a step that grows (etas[2]) while the sign stays
--- and shrinks (etas[1]) when it turns. For full batches only.
--- > w = tensor({1}, {requires_grad = true})
--- > opt = optim.Rprop({w}, {lr = 0.1})
--- > for i = 1, 3 do opt:zero_grad(); (w * w):sum():backward(); opt:step() end
--- > w:item() < 1
--- true
return class("Rprop", {lr = 1e-2, etas = {0.5, 1.2}, step_sizes = {1e-6, 50}}, "rprop")
