-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  rates = {right = {
    "rates = function(t, s, l) local c = s:gt(l) return ((c * (1 - t)):sum() / (1 - t):sum()):item(), metrics.recall(t, c) end",
    "function rates(t, s, l) local a, b, p = 0, 0, t:sum():item() for i = 1, #t do if s[i]:item() > l then "
      .. "if t[i]:item() == 1 then b = b + 1 else a = a + 1 end end end return a / (#t - p), b / p end",
    "function rates(t, s, l) local m = metrics.confusion(t + 1, s:gt(l) + 1):totable() "
      .. "return m[1][2] / (m[1][1] + m[1][2]), m[2][2] / (m[2][1] + m[2][2]) end"},
    wrong = "function rates(t, s, l) return 0.9, 0.1 end"},
  auc = {right = {"chance = metrics.auc", "function chance(t, s) return metrics.auc(t, s) end",
    "function chance(t, s) local n, w = 0, 0 for i, a in ipairs(t) do for j, b in ipairs(t) do if a > b then n = n + 1 "
      .. "w = w + (s[i] > s[j] and 1 or s[i] == s[j] and 0.5 or 0) end end end return w / n end"},
    wrong = "function chance(t, s) return 0.75 end"},
  r2 = {right = {"r2 = metrics.r2", "function r2(y, p) return metrics.r2(tensor(y), tensor(p)) end",
    "function r2(y, p) local a, b = tensor(y), tensor(p) local d = a - a:mean() return 1 - (a - b):pow(2):sum():item() / d:pow(2):sum():item() end"},
    wrong = "function r2(y, p) return metrics.mse(y, p) end"},
}
