-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  ["layer means"] = {right = {"x:reshape(8, -1):mean(2)", "tensor.mean(x, {2, 3, 4})", "x:mean(4):mean(3):mean(2)"},
    wrong = "x:mean({3, 4})"},
  normalise = {right = {
    "normalise = function(t, d) local c = t - t:mean(d, true) return c / (c * c + 1e-5):mean(d, true):sqrt() end",
    "function normalise(a, d) local v = a:var(d, {unbiased = false, keepdim = true}) + 1e-5 return (a - a:mean(d, true)) * v ^ -0.5 end",
    "function normalise(a, d) local m = a:mean(d, true) return (a - m) / ((a * a):mean(d, true) - m * m + 1e-5):sqrt() end"},
    wrong = "function normalise(x, dims) return x - x:mean(dims, true) end"},
  ["four ways"] = {right = {"b = normalise(x, {1, 3, 4}) i = normalise(x, {3, 4})",
    "b, i = nn.BatchNorm2d(6)(x):detach(), nn.InstanceNorm2d(6)(x):detach()",
    "i = normalise(x, {4, 3}) b = normalise(x, {4, 3, 1})"}, wrong = "b, i = normalise(x, {1}), normalise(x, {3, 4})"},
  ["group norm"] = {right = {
    "group_norm = function(x, g) return normalise(x:reshape(x:size(1), g, -1), {3}):reshape(x:size()) end",
    "function group_norm(x, g) return nn.GroupNorm(g, x:size(2))(x):detach() end",
    "function group_norm(x, g) local s = x:size() return normalise(x:reshape(s[1], g, s[2] // g, s[3], s[4]), {3, 4, 5}):reshape(s) end"},
    wrong = "function group_norm(x, groups) return normalise(x, {2, 3, 4}) end"},
}
