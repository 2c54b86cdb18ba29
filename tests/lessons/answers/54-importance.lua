-- SPDX-License-Identifier: GPL-3.0-or-later
local train_better = "%s train.fit(better, {data = {x = taught.x[{{}, {1, 2}}], y = taught.y}, epochs = %d, "
  .. "batch = 30, progress = 'none', opt = optim.Adam(better:parameters(), {lr = 0.01})}) "
  .. "better_error = metrics.mse(unseen.y, train.predict(better, unseen.x[{{}, {1, 2}}]))"
local wide = "better = nn.Sequential(nn.Linear(2, 60), nn.Tanh(), nn.Linear(60, 60), nn.Tanh(), nn.Linear(60, 1))"
return {
  rise = {right = {
    "rise = function(n, s, j) local c = s.x:clone() local o = tensor.randperm(#c) for i = 1, #c do c[{i, j}] = s.x[{o[i]:item(), j}] end "
      .. "return metrics.mse(s.y, n(c)) - metrics.mse(s.y, n(s.x)) end",
    "function rise(n, s, j) local a = metrics.mse(s.y, n(s.x)) local x = s.x:clone() "
      .. "x[{{}, j}] = s.x[{{}, j}]:index_select(1, tensor.randperm(#x)) return (n(x) - s.y):square():mean():item() - a end",
    "function rise(n, s, j) for _, e in ipairs(metrics.permutation_importance(n, s, {error = metrics.mse})) do "
      .. "if e.feature == j then return e.mean end end end"},
    wrong = "function rise(net, set, j) return 1 end"},
  better = {right = {train_better:format(wide, 200), train_better:format("gradus.seed(5) " .. wide, 300),
    train_better:format("better = nn.Sequential(nn.Linear(2, 30), nn.Tanh(), nn.Linear(30, 1))", 300)},
    wrong = wide .. " better_error = 1"},
}
