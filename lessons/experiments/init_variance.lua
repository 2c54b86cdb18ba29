#!/usr/bin/env gradus
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Signal and gradient by depth before training, measured and predicted: tanh, ReLU, sigmoid, GELU (which
-- multiplies what chance does), and weights drawn without a thought for their number.
--
--     gradus lessons/experiments/init_variance.lua [FOLDER]
--
-- writes pictures, numbers and what is claimed and found into FOLDER (experiments).

local folder, quiet = ...
local function report(name, given)
  lab.init_variance(given):report("init_variance-" .. name, folder, quiet)
end

report("tanh", {})
report("relu", {activation = "relu", depth = 30})
report("sigmoid", {activation = "sigmoid"})
report("gelu", {activation = "gelu", depth = 20, init = {"xavier_normal", "kaiming_normal"}})
report("plain", {init = {1, 0.01, {"U(0, 1)", function(w) w:uniform_(0, 1) end}}})
