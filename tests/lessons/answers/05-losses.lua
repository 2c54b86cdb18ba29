-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  huber = {right = {
    "huber = function(d) return nn.huber_loss(d, d * 0, {reduction = 'none'}) end",
    "function huber(d) local a = d:abs() return a:le(1) * a * a * 0.5 + a:gt(1) * (a - 1 / 2) end",
    "function huber(d) local c = d:clamp(-1, 1) return c * d - c * c / 2 end"},
    wrong = "function huber(d) return d:abs() end"},
  ce = {right = {"nn.CrossEntropyLoss()(scores, labels)", "nn.nll_loss(scores:log_softmax(2), labels)",
    "return nn.cross_entropy(scores, labels):item()"}, wrong = "nn.cross_entropy(scores, tensor{2, 1})"},
  hinge = {right = {
    "function hinge(s, k) return nn.multi_margin_loss(s:reshape(1, -1), tensor{k}) * s:numel() end",
    "hinge = function(a, c) local m = (a - a[c]:item() + 1):clamp(0) return m:sum():item() - 1 end",
    "function hinge(s, k) local h = (s - s[k] + 1):relu() h[k] = 0 return h:sum() end"},
    wrong = "function hinge(s, k) return s:sum() end"},
}
