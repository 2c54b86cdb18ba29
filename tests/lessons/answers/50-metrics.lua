-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  averages = {right = {
    "function micro(tp, fp) local t, f = tensor(tp):sum(), tensor(fp):sum() return (t / (t + f)):item() end "
      .. "function macro(tp, fp) return (tensor(tp) / (tensor(tp) + tensor(fp))):mean():item() end",
    "macro = function(a, b) local s = 0 for i, t in ipairs(a) do s = s + t / (t + b[i]) / #a end return s end "
      .. "micro = function(a, b) local t, f = 0, 0 for i in ipairs(a) do t = t + a[i] f = f + b[i] end return t / (t + f) end",
    "function micro(a, b) local t, f = 0, 0 for i = #a, 1, -1 do t, f = t + a[i], f + b[i] end return 1 - f / (t + f) end "
      .. "function macro(a, b) local p = {} for i = 1, #a do p[i] = a[i] / (a[i] + b[i]) end return tensor(p):mean():item() end"},
    wrong = "function micro(tp, fp) return tp[1] / (tp[1] + fp[1]) end macro = micro"},
  ["lazy recall"] = {right = {"metrics.recall(is_rare:totable(), lazy:totable())", "1 / 50", "((is_rare * lazy):sum() / is_rare:sum()):item()"},
    wrong = "1 - metrics.recall(is_rare, lazy)"},
  fbeta = {right = {
    "fbeta = function(p, r, b) if p == 0 and r == 0 then return 0 end local s = b * b return (1 + s) * p * r / (s * p + r) end",
    "function fbeta(p, r, b) local d = b ^ 2 * p + r return d == 0 and 0 or (1 + b ^ 2) * p * r / d end",
    "function fbeta(p, r, b) if p * r == 0 then return 0 end return (1 + b ^ 2) / (b ^ 2 / r + 1 / p) end"},
    wrong = "function fbeta(p, r, beta) return (p + r) / 2 end"},
}
