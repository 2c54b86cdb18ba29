-- SPDX-License-Identifier: GPL-3.0-or-later
-- The gradient of every differentiable op against differences, in float64.
local rows = dofile(arg[0]:match("^(.*)/") .. "/lib/rows.lua")

local function differentiable(row) return row.differentiable end

rows.run(rows.cases(differentiable), function(case) return case:gradcheck() end)
-- expect: 0 failures
