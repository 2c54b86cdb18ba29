-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  factor = {right = {"s = (2 / 64) ^ 0.5", "s = math.sqrt(2) / 8", "s = 0.17678"}, wrong = "s = 1"},
  he = {right = {"he = function(w) return nn.init.kaiming_normal_(w, 0, 'fan_in', 'relu') end",
    "function he(w) w:normal_(0, (2 / w.shape[2]) ^ 0.5) return w end",
    "function he(w) return w:copy_(tensor.randn(w:size(1), w:size(2)) * math.sqrt(2 / w:size(2))) end"},
    wrong = "function he(w) return w:normal_(0, 1) end"},
  repair = {right = {"nn.init.apply(net, he)", "nn.init.apply(net, 'kaiming_uniform', {nonlinearity = 'relu'})",
    "nn.init.apply(net, 'xavier_normal', {gain = math.sqrt(2)})"},
    wrong = "nn.init.apply(net, 'normal')"},
}
