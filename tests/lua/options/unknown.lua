-- SPDX-License-Identifier: GPL-3.0-or-later
local options = require "gradus.options"
print("before") -- expect: before
local function SGD(given) return options.read("optim.SGD", given, {lr = 1, momentum = 0}) end
SGD{momentun = 0.9}
-- expect error: optim.SGD: unknown option 'momentun'. Did you mean 'momentum'? Options: lr, momentum
