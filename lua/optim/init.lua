-- SPDX-License-Identifier: GPL-3.0-or-later
-- optim: optimisers, schedules of their rates, clipping. Each class has a file of its own here.

local Optimizer = require("gradus.optim.Optimizer")
local clip = require("gradus.optim.clip")

local M = {
  Optimizer = Optimizer,
  class = Optimizer.class,
  clip_grad_norm_ = clip.clip_grad_norm_,
  clip_grad_value_ = clip.clip_grad_value_,
}

-- The classes, in the order in which help lists them.
M.classes = {"SGD", "Adagrad", "RMSprop", "Adadelta", "Adam", "AdamW", "Adamax", "NAdam", "RAdam",
  "Rprop"}

local places = {lr_scheduler = "lr_scheduler"}
for _, name in ipairs(M.classes) do places[name] = name end

return require("gradus.lazy").part(M, "optim", places)
