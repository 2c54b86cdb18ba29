-- SPDX-License-Identifier: GPL-3.0-or-later
-- A lesson may set the seed, and nothing else of gradus.
local World = require("gradus.lesson.world")

local world = World.new{}
local function show(code)
  local outcome = world:evaluate(code)
  print(outcome.ok and tostring(outcome[1]) or outcome.message)
end

show "gradus.seed(7); a = tensor.randn(1):item(); gradus.seed(7); return a == tensor.randn(1):item()"
-- expect: true
show "gradus.version"
-- expect: nil
show "gradus.seed = print; return 1"
show "gradus = 1"
-- expect: 1
-- expect: lesson:1: a lesson cannot replace 'gradus'
