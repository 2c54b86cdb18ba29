-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  chain = {right = {"gradient = function(s, n) return s ^ (n - 1) end",
    "function gradient(S, m) local g = 1 for k = 2, m do g = g * S end return g end",
    "function gradient(S, m) return math.exp((m - 1) * math.log(S)) end"},
    wrong = "function gradient(S, m) return m ^ S end"},
  uniform = {right = {"flat = stds(10, function(w) return w:uniform_() end)",
    "flat = stds(10, function() return tensor.rand(64, 64) end)",
    "function fill(w) nn.init.uniform_(w) return w end flat = stds(10, fill)"},
    wrong = "flat = stds(10, normal(1))"},
  keep = {right = {"W = tensor.eye(2)", "W = tensor{{0, 1}, {1, 0}}", "W = tensor{{1, 0}, {0, 1}}; through(W, 50)"},
    wrong = "W = tensor.eye(2) * 1.2"},
}
