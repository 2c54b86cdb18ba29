#!/usr/bin/env gradus
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Optimisers on surfaces, five starts each, at every rate of the lecture; on a function of one's
-- own; and on a small net. race-rosenbrock.gif shows them move.
--
--     gradus lessons/experiments/race.lua [FOLDER]
--
-- writes pictures, numbers and what is claimed and found into FOLDER (experiments).

local folder, quiet = ...
local function report(name, given)
  return lab.race(given):report("race-" .. name, folder, quiet)
end

-- The lecture's momentum is an average, u = 0.9 u + 0.1 g: a tenth of the other form's rate.
local five = {"SGD", {"momentum", "SGD", {momentum = 0.9}},
  {"average", "SGD", {momentum = 0.9, average = true}}, "RMSprop", "Adam"}
report("quadratic", {jitter = 0.2, optimisers = five})
local r = report("rosenbrock", {surface = "rosenbrock", jitter = 0.2, optimisers = five})
r:animate((folder or "experiments") .. "/race-rosenbrock.gif", {rate = 0.005})
report("beale", {surface = "beale", jitter = 0.2})
report("saddle", {surface = "saddle", jitter = 0.2})
report("valley", {surface = "valley"})
report("own", {surface = function(x, y) return x ^ 2 + y ^ 2 + 3 * (x * y) ^ 2 end, jitter = 0.2,
  start = {-2, 1.5}, rates = {0.003, 0.01, 0.03}})
report("net", {surface = "net"})
