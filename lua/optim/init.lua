-- SPDX-License-Identifier: GPL-3.0-or-later
-- optim: optimisers, schedules of their rates, clipping. Each class has a file of its own here.

local Optimizer = require("gradus.optim.Optimizer")
local clip = require("gradus.optim.clip")
local options = require("gradus.options")

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

-- For help and completion: every name there is.
function M._names()
  local names = options.keys(places)
  for _, name in ipairs(options.keys(M)) do
    if name:sub(1, 1) ~= "_" and not places[name] then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

return setmetatable(M, {__index = function(t, name)
  if places[name] then
    local value = require("gradus.optim." .. places[name])
    rawset(t, name, value)
    return value
  end
  local near = type(name) == "string" and name:sub(1, 1) ~= "_" and
    options.nearest(name, M._names())
  if near then error(("optim has no '%s'. Did you mean '%s'?"):format(name, near), 2) end
  return nil
end})
