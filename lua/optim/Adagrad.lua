-- SPDX-License-Identifier: GPL-3.0-or-later
local tensor = require("gradus.tensor")

local Adagrad = require("gradus.optim.Optimizer").class("Adagrad",
  {lr = 1e-2, lr_decay = 0, initial_accumulator_value = 0, eps = 1e-10}, "adagrad")

--- optim.Adagrad(params: {tensor, ...}, {lr: number = 1e-2, lr_decay: number = 0, initial_accumulator_value: number = 0, eps: number = 1e-10, weight_decay: number = 0, l1: number = 0, maximize: boolean = false}) -> Optimizer
--- A rate for each weight that falls with all it has moved: s = s + g^2, w = w - lr g / (sqrt(s) + eps).
--- Right for rare features; in long trainings the steps die out.
--- > w = tensor({1}, {requires_grad = true})
--- > opt = optim.Adagrad({w}, {lr = 0.1})
--- > for i = 1, 3 do opt:zero_grad(); (w * w):sum():backward(); opt:step() end
--- > w:item() < 1
--- true

-- The sums of squares begin with a value other than 0 where one is asked for.
function Adagrad:_init_group(i)
  local group, sums = self.param_groups[i], {}
  if group.initial_accumulator_value == 0 then return end
  for k, p in ipairs(group.params) do
    sums[k] = tensor.full(p:size(), group.initial_accumulator_value, {dtype = p:dtype()})
  end
  self.state[i].sum = sums
end

return Adagrad
