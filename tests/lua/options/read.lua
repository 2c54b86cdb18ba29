-- SPDX-License-Identifier: GPL-3.0-or-later
local options = require "gradus.options"

local o = options.read("f", {lr = 1}, {lr = 0.1, momentum = 0})
print(o.lr, o.momentum) -- expect: 1	0
print(options.read("f", nil, {lr = 0.1}).lr) -- expect: 0.1
print(options.read("f", {name = "x"}, {lr = 1}, {"name"}).name) -- expect: x

local defaults = {lr = 0.1}
options.read("f", {lr = 5}, defaults)
print(defaults.lr) -- expect: 0.1
