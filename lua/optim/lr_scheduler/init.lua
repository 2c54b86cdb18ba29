-- SPDX-License-Identifier: GPL-3.0-or-later
-- optim.lr_scheduler: how the learning rate changes over a training.

local Scheduler = require("gradus.optim.lr_scheduler.Scheduler")

local M = {Scheduler = Scheduler, class = Scheduler.class}

-- The classes, in the order in which help lists them.
M.classes = {"LambdaLR", "StepLR", "MultiStepLR", "ConstantLR", "LinearLR", "WarmupLR",
  "ExponentialLR", "InverseTimeLR", "PolynomialLR", "CosineAnnealingLR",
  "CosineAnnealingWarmRestarts", "OneCycleLR", "CyclicLR", "SequentialLR", "ReduceLROnPlateau"}

local places = {}
for _, name in ipairs(M.classes) do places[name] = name end

return require("gradus.lazy").part(M, "optim.lr_scheduler", places)
