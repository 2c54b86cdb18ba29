-- SPDX-License-Identifier: GPL-3.0-or-later
local nearest = require("gradus.options").nearest
local names = {"lr", "momentum", "nesterov", "weight_decay"}
print(nearest("momentun", names)) -- expect: momentum
print(nearest("nestreov", names)) -- expect: nesterov
print(nearest("LR", names)) -- expect: lr
print(nearest("weigth_decay", names)) -- expect: weight_decay
print(nearest("colour", names)) -- expect: nil
