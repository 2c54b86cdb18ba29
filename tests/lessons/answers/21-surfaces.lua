-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  descend = {right = {
    "descend = function(x, y, r, n) while n > 0 do x, y, n = x - r * 20 * x, y - r * 200 * y, n - 1 end return bowl(x, y) end",
    "function descend(x, y, rate, steps) return bowl(x * (1 - 20 * rate) ^ steps, y * (1 - 200 * rate) ^ steps) end",
    "function descend(x, y, rate, steps) for _ = 1, steps do x = x - rate * 2 * 10 * x y = y - rate * 2 * 100 * y end return 10 * x ^ 2 + 100 * y ^ 2 end"},
    wrong = "function descend(x, y, rate, steps) return bowl(x, y) end"},
  slopes = {right = {
    "slopes = function(x, y) return 2 * x - 2 - 40 * x * y + 40 * x ^ 3, 20 * y - 20 * x * x end",
    "function slopes(x, y) local t = y - x * x local gy = 10 * 2 * t return 2 * (x - 1) + gy * -2 * x, gy end",
    "function slopes(x, y) local function f(a, b) return (a - 1) ^ 2 + 10 * (b - a ^ 2) ^ 2 end local h = 1e-6 return (f(x + h, y) - f(x - h, y)) / (2 * h), (f(x, y + h) - f(x, y - h)) / (2 * h) end"},
    wrong = "function slopes(x, y) return x, y end"},
}
