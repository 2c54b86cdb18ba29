-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  crowd = {right = {
    "ask_crowd = function(n, x, k) n:train() local t = {} for i = 1, k do t[i] = n(x):detach() end n:eval() return tensor.stack(t) end",
    "function ask_crowd(net, x, n) local all = {} net:train() while #all < n do all[#all + 1] = net(x):detach():unsqueeze(1) end net:eval() return tensor.cat(all, 1) end",
    "function ask_crowd(net, x, n) net:train() local out = autograd.no_grad(function() local l = {} for i = 1, n do l[i] = net(x):unsqueeze(1) end return tensor.cat(l) end) net:eval() return out end"},
    wrong = "function ask_crowd(net, x, n) return net(x) end"},
  connect = {right = {
    "connect = function(x, W, p) return x:matmul((W * tensor.rand(W:size()):ge(p)):t()) / (1 - p) end",
    "function connect(x, W, p) local keep = tensor.rand(W:size()):lt(1 - p) return x:matmul(W:mul(keep):div(1 - p):t()) end",
    "function connect(x, W, p) return tensor.linear(x, W * tensor.rand(W:size()):ge(p) / (1 - p)) end"},
    wrong = "function connect(x, W, p) return x:matmul(W:t()) * 0.5 end"},
}
