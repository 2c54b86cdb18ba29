-- SPDX-License-Identifier: GPL-3.0-or-later
local options = require "gradus.options"
local function SGD(given) return options.read("optim.SGD", given, {lr = 1}) end
SGD(0.1)
-- expect error: optim.SGD: options are a table like {lr = ...}; got number
