-- SPDX-License-Identifier: GPL-3.0-or-later
-- nn: layers, losses, initialisers. Each class has a file of its own here; `??nn.Linear` shows it.
-- Classes are loaded when they are first used.
local Module = require("gradus.nn.Module")
local mark = require("gradus.nn.mark")
local notice = require("gradus.notice")
local options = require("gradus.options")

local M = {
  Module = Module,
  class = Module.class,
  Parameter = mark.Parameter,
  Buffer = mark.Buffer,
  quiet = notice.quiet,
}

-- The classes, in the order in which help lists them.
M.classes = {
  "Sequential", "Residual", "ModuleList", "Identity", "Lambda", "Flatten",
  "Linear", "Conv2d", "MaxPool2d", "AvgPool2d", "Embedding", "Maxout", "DropConnect",
  "BatchNorm1d", "BatchNorm2d", "LayerNorm", "GroupNorm", "InstanceNorm2d",
  "Dropout", "Dropout2d", "AlphaDropout",
  "ReLU", "LeakyReLU", "PReLU", "ELU", "SELU", "GELU", "SiLU", "Mish", "Sigmoid", "Tanh",
  "Hardtanh", "Softplus", "Softsign", "Softmax", "LogSoftmax",
  "MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss", "CrossEntropyLoss", "NLLLoss", "BCELoss",
  "BCEWithLogitsLoss", "KLDivLoss", "MultiMarginLoss",
}

for name, loss in pairs(require("gradus.nn.functional")) do M[name] = loss end

-- Where else names come from.
local places = {init = "initialise", watch = "watch"}
for _, name in ipairs(M.classes) do places[name] = name end
local members = {mc = "passes", recalibrate = "passes", first_nan = "nan",
  save_checkpoint = "checkpoint", load_checkpoint = "checkpoint"}

-- For help and completion: every name there is.
function M._names()
  local names = options.keys(places)
  for _, name in ipairs(options.keys(members)) do names[#names + 1] = name end
  for _, name in ipairs(options.keys(M)) do
    if name:sub(1, 1) ~= "_" and not places[name] then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

local function load(t, name)
  local value
  if places[name] then
    value = require("gradus.nn." .. places[name])
  elseif members[name] then
    value = require("gradus.nn." .. members[name])[name]
  else
    local near = type(name) == "string" and name:sub(1, 1) ~= "_" and
      options.nearest(name, M._names())
    if near then error(("nn has no '%s'. Did you mean '%s'?"):format(name, near), 2) end
    return nil
  end
  rawset(t, name, value)
  return value
end

return setmetatable(M, {__index = load})
