-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  prior = {right = {
    "log_shares = function(y, k) return nn.init.log_prior_(tensor.zeros(k), y) end",
    "function log_shares(y, n) local t = {} for c = 1, n do t[#t + 1] = y:eq(c):sum():item() end return tensor(t):log() end",
    "function log_shares(y, n) local t = tensor.zeros(n) for c = 1, n do t[c] = y:eq(c):to('float32'):mean():item() end return t:log() end"},
    wrong = "function log_shares(y, n) return tensor.ones(n) end"},
  tell = {right = {
    "nn.init.log_prior_(told[3].bias, parts.y)",
    "autograd.no_grad(function() told[3].bias:copy_(log_shares(parts.y, 2)) end)",
    "told[3].bias:detach():copy_(tensor{950, 50}:log())"},
    wrong = "told[3].bias:detach():copy_(tensor{0, 1})"},
}
