-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  {right = {"normalise = function(v, g, b) local m = v:mean(1) local d = v - m "
      .. "return g * d / ((d * d):mean(1) + 1e-5):sqrt() + b end",
    "function normalise(v, g, b) return (v - v:mean(1)) * g / (v:var(1, {unbiased = false}) + 0.00001) ^ 0.5 + b end",
    "function normalise(v, g, b) local l = nn.BatchNorm1d(v:size(2)) return l(v):detach() * g + b end"},
    wrong = "function normalise(v, g, b) return g * (v - v:mean(2, true)) + b end"},
  {right = {"local ok, message = pcall(bn, x[{{1, 1}}]) return ok, message", "pcall(function() return bn(x[{{7, 7}}]) end)",
    "pcall(bn, x:narrow(1, 3, 1))"}, wrong = "pcall(bn, x[{{1, 2}}])"},
  {right = {"layer = nn.recalibrate(layer, parts)", "nn.recalibrate(layer, x:split(50))",
    "layer.running_mean:copy_(x:mean(1))"}, wrong = "nn.recalibrate(layer, {x[{{1, 50}}]})"},
}
