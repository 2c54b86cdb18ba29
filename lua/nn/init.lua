-- SPDX-License-Identifier: GPL-3.0-or-later
-- nn: layers, losses, initialisers. Each class has a file of its own here; `??nn.Linear` shows it.
-- Classes are loaded when they are first used.
local Module = require("gradus.nn.Module")
local mark = require("gradus.nn.mark")
local notice = require("gradus.notice")

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

-- Where else names come from: nn.init is initialise.lua, nn.mc a field of passes.lua.
local places = {init = "initialise", watch = "watch", mc = "passes.mc",
  recalibrate = "passes.recalibrate", first_nan = "nan.first_nan",
  save_checkpoint = "checkpoint.save_checkpoint", load_checkpoint = "checkpoint.load_checkpoint"}
for _, name in ipairs(M.classes) do places[name] = name end

return require("gradus.lazy").part(M, "nn", places)
