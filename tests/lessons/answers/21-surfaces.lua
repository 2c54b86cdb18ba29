-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  descend = {right = {
    "descend = function(x, y, r, n) while n > 0 do x, y, n = x - r * 20 * x, y - r * 200 * y, n - 1 end return bowl(x, y) end",
    "function descend(x, y, rate, steps) return bowl(x * (1 - 20 * rate) ^ steps, y * (1 - 200 * rate) ^ steps) end",
    "function descend(x, y, rate, steps) for _ = 1, steps do x = x - rate * 2 * 10 * x y = y - rate * 2 * 100 * y end return 10 * x ^ 2 + 100 * y ^ 2 end"},
    wrong = "function descend(x, y, rate, steps) return bowl(x, y) end"},
}
