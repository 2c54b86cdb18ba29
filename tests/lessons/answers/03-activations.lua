-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  derivative = {right = {
    "dsigmoid = function(v) local s = 1 / (1 + math.exp(-v)) return s - s * s end",
    "function dsigmoid(v) return 1 / (math.exp(v / 2) + math.exp(-v / 2)) ^ 2 end",
    "function dsigmoid(v) local t = math.exp(v) return t / (1 + t) / (1 + t) end"},
    wrong = "function dsigmoid(v) return math.exp(-v) end"},
  dead = {right = {"out:max(1):eq(0):sum()", "out:sum(1):eq(0):sum():item()",
    "n = 0 for u = 1, 100 do if out[{{}, u}]:max():item() == 0 then n = n + 1 end end return n"},
    wrong = "out:gt(0):sum(1):eq(1):sum()"},
  maxout = {right = {"w = tensor{1, 0.1}; b = tensor{0, 0}", "w, b = tensor{0.1, 1}, tensor{0, 0}",
    "w, b = tensor{1, 0.1}, tensor.zeros(1)"},
    wrong = "w, b = tensor{1, 0.2}, tensor{0, 0}"},
  softmax = {right = {
    "soft = function(v) local e = tensor.exp(v - v:max()) return e / e:sum() end",
    "function soft(v) v = v - v:mean() return v:exp() / v:exp():sum() end",
    "function soft(v) return (v - (v - v:max()):exp():sum():log() - v:max()):exp() end"},
    wrong = "function soft(v) return v:sigmoid() end"},
}
