-- SPDX-License-Identifier: GPL-3.0-or-later
-- The surfaces of lab.race: a height f(x, y), where to start, what to show, which rates to try.

local M = {}

-- All rates of the lecture's bowl (the two lowest stand there for momentum); 0.01 is the edge for
-- gradient descent, 2 / 200, so that 0.011 shows what lies beyond it.
local bowl_rates = {0.0001, 0.0005, 0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.007, 0.008, 0.009,
  0.01, 0.011}

M.quadratic = {
  formula = "10 x^2 + 100 y^2", start = {-2, 2}, rates = bowl_rates, minimum = 0,
  xrange = {-2.5, 2.5}, yrange = {-2.5, 2.5},
  f = function(x, y) return 10 * x ^ 2 + 100 * y ^ 2 end,
}

M.rosenbrock = {
  formula = "(x - 1)^2 + 10 (y - x^2)^2", start = {-2, 2}, minimum = 0,
  rates = {0.0005, 0.001, 0.005, 0.01, 0.02, 0.05}, -- of descent, momentum and RMSprop
  xrange = {-2.5, 2.5}, yrange = {-1.5, 4.5},
  f = function(x, y) return (x - 1) ^ 2 + 10 * (y - x ^ 2) ^ 2 end,
}

M.beale = {
  formula = "(1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2", start = {1, 1},
  rates = {0.001, 0.005, 0.01, 0.02}, xrange = {-1, 4.5}, yrange = {-1.5, 1.5}, minimum = 0,
  f = function(x, y)
    return (1.5 - x + x * y) ^ 2 + (2.25 - x + x * y ^ 2) ^ 2 + (2.625 - x + x * y ^ 3) ^ 2
  end,
}

-- Nothing holds what has left it: runs end where they leave the picture.
M.saddle = {
  formula = "x^2 - y^2", start = {-1.5, 0.001}, rates = {0.001, 0.01, 0.05, 0.1}, bounded = false,
  xrange = {-2, 2}, yrange = {-2, 2},
  f = function(x, y) return x ^ 2 - y ^ 2 end,
}

-- The gradient of each step has noise, as that of a small batch.
M.valley = {
  formula = "0.1 x^2 + 2 y^2, noisy gradients", start = {-2, 1}, rates = {0.01, 0.05, 0.1, 0.2},
  xrange = {-2.5, 2.5}, yrange = {-1.5, 1.5}, noise = 1, minimum = 0,
  f = function(x, y) return 0.1 * x ^ 2 + 2 * y ^ 2 end,
}

return M
