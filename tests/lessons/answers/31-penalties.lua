-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  penalty = {right = {
    "penalty = function(n, l) local s = 0 for _, p in ipairs(n:parameters()) do s = s + (p * p):sum() * l end return s end",
    "function penalty(net, lambda) local list = {} for i, p in ipairs(net:parameters()) do list[i] = p:reshape(-1) end return tensor.cat(list):square():sum() * lambda end",
    "function penalty(net, lambda) local sum = tensor.zeros(1) for _, p in ipairs(net:parameters()) do sum = sum + (p ^ 2):sum() end return lambda * sum end"},
    wrong = "function penalty(net, lambda) return net.weight:square():sum() * lambda end"},
}
