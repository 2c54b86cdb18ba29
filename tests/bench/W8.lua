-- SPDX-License-Identifier: GPL-3.0-or-later
-- W8: ten million standard normals.
local bench = dofile((arg[0]:match("^(.*/)") or "") .. "common.lua")
local x = tensor.zeros(10000000)
bench.report("W8", bench.time(function() x:normal_() end, {min_blocks = 5}))
