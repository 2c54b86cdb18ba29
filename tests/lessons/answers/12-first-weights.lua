-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  calibrated = {right = {
    "calibrated = function(n, m) return tensor.randn(n, m) * n ^ -0.5 end",
    "function calibrated(a, b) return tensor.zeros(a, b):normal_(0, math.sqrt(1 / a)) end",
    "function calibrated(n, m) local k = math.sqrt(3 / n) return tensor.zeros(n, m):uniform_(-k, k) end"},
    wrong = "function calibrated(n, m) return tensor.randn(n, m) * 2 / math.sqrt(n) end"},
  averaged = {right = {
    "averaged = function(n, m) return tensor.randn(n, m) / math.sqrt((n + m) / 2) end",
    "function averaged(n, m) return nn.init.xavier_normal_(tensor.zeros(n, m)) end",
    "function averaged(a, b) return tensor.zeros(a, b):normal_(0, (2 / (a + b)) ^ 0.5) end"},
    wrong = "function averaged(n, m) return tensor.randn(n, m) / math.sqrt(n) end"},
}
