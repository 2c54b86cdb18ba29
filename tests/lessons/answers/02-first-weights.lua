-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  {right = {"calibrated = function(a, c) return tensor.randn(a, c) * (1 / a) ^ 0.5 end",
    "function calibrated(n, m) return tensor.zeros(n, m):normal_(0, n ^ -0.5) end",
    "function calibrated(n, m) return (tensor.rand(n, m) * 2 - 1) * math.sqrt(3 / n) end"},
    wrong = "function calibrated(n, m) return tensor.randn(n, m) end"},
  {right = {"relu_rms(20, (2 / 64) ^ 0.5)", "relu_rms(20, 0.1768)", "relu_rms(20, 0.125 * math.sqrt(2))"},
    wrong = "relu_rms(20, 1)"},
}
