-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every experiment of the lab at its full budget; the quick suites run them in small.
local function holds(name, result)
  assert(#result.rows > 0, name .. " has no rows")
  result:csv(name .. ".csv")
  print(name)
end

holds("init_variance", lab.init_variance{activation = "relu", init = {"xavier_normal", "kaiming_normal"}})
-- expect: init_variance
holds("scale_depth", lab.scale_depth()) -- expect: scale_depth
holds("constant_init", lab.constant_init()) -- expect: constant_init
holds("race", lab.race{surface = "rosenbrock"}) -- expect: race
holds("glorot", lab.glorot()) -- expect: glorot
holds("he", lab.he()) -- expect: he
