-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  step = {right = {
    "decayed = function(w, g, rate, d) return w - rate * g - rate * d * w end",
    "function decayed(weight, slope, a, d) local whole = slope + d * weight return weight - a * whole end",
    "function decayed(w, g, rate, d) w = w * (1 - d * rate) return w - g * rate end"},
    wrong = "function decayed(w, g, rate, d) return w * (1 - rate * d) end"},
  penalty = {right = {
    "penalty = function(n, l) local s = 0 for _, p in ipairs(n:parameters()) do s = s + (p * p):sum() * l end return s end",
    "function penalty(net, lambda) local list = {} for i, p in ipairs(net:parameters()) do list[i] = p:reshape(-1) end return tensor.cat(list):square():sum() * lambda end",
    "function penalty(net, lambda) local sum = tensor.zeros(1) for _, p in ipairs(net:parameters()) do sum = sum + (p ^ 2):sum() end return lambda * sum end"},
    wrong = "function penalty(net, lambda) return net.weight:square():sum() * lambda end"},
  elastic = {right = {
    "elastic = function(n, a, b) local s = 0 for _, p in ipairs(n:parameters()) do if p:dim() == 2 then s = s + a * p:abs():sum() + b * (p * p):sum() end end return s end",
    "function elastic(net, l1, l2) local list = {} for _, p in ipairs(net:parameters()) do if p:dim() ~= 1 then list[#list + 1] = p:reshape(-1) end end local w = tensor.cat(list) return (w:abs() * l1 + w ^ 2 * l2):sum() end",
    "function elastic(net, l1, l2) local ones, squares = 0, 0 for _, w in ipairs(net:parameters()) do if w:dim() >= 2 then ones, squares = ones + w:abs():sum(), squares + w:square():sum() end end return ones * l1 + squares * l2 end"},
    wrong = "function elastic(net, l1, l2) return net[1].weight:abs():sum() * l1 + net[1].weight:square():sum() * l2 end"},
}
