-- SPDX-License-Identifier: GPL-3.0-or-later
-- optim.lr_scheduler: how the learning rate changes over a training.

local Scheduler = require("gradus.optim.lr_scheduler.Scheduler")
local options = require("gradus.options")

local M = {Scheduler = Scheduler, class = Scheduler.class}

-- The classes, in the order in which help lists them.
M.classes = {"LambdaLR", "StepLR", "MultiStepLR", "ConstantLR", "LinearLR", "WarmupLR",
  "ExponentialLR", "InverseTimeLR", "PolynomialLR", "CosineAnnealingLR",
  "CosineAnnealingWarmRestarts", "OneCycleLR", "CyclicLR", "SequentialLR", "ReduceLROnPlateau"}

local known = {}
for _, name in ipairs(M.classes) do known[name] = true end

-- For help and completion: every name there is.
function M._names()
  local names = {"Scheduler", "class"}
  for _, name in ipairs(M.classes) do names[#names + 1] = name end
  table.sort(names)
  return names
end

return setmetatable(M, {__index = function(t, name)
  if known[name] then
    local value = require("gradus.optim.lr_scheduler." .. name)
    rawset(t, name, value)
    return value
  end
  local near = type(name) == "string" and name:sub(1, 1) ~= "_" and
    options.nearest(name, M.classes)
  if near then error(("optim.lr_scheduler has no '%s'. Did you mean '%s'?"):format(name, near), 2) end
  return nil
end})
