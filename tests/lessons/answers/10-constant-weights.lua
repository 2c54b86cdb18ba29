-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  difference = {right = {"(g - g[1]):abs():max():item()", "(g:select(1, 1) - g):abs():max()", "tensor.max(tensor.abs(g - g[1]))"},
    wrong = "g:max() - 0.5"},
  start = {right = {"function start(w) nn.init.uniform_(w, -0.5, 0.5) end",
    "start = function(w) w:detach():copy_(tensor.randn(w:size(1), w:size(2)) * 0.3) end",
    "function start(w) nn.init.constant_(w, 0.5) w:detach():add_(tensor.randn(w:size(1), w:size(2)) * 0.1) end"},
    wrong = "function start(w) nn.init.eye_(w) end"},
}
