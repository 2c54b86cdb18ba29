-- SPDX-License-Identifier: GPL-3.0-or-later
local fit = " train.fit(auto, {data = {x = taught, y = taught}, epochs = %d, progress = 'none', opt = optim.Adam(auto:parameters(), {lr = 0.01})})"
return {
  cleaner = {right = {
    "cleaner = nn.Sequential(nn.Linear(64, 32), nn.Tanh(), nn.Linear(32, 64)) train.fit(cleaner, {data = data.set{x = salt_pepper(taught, 0.3), y = taught}, "
      .. "epochs = 40, progress = 'none', opt = optim.Adam(cleaner:parameters(), {lr = 0.005})})",
    "local net = nn.Sequential(nn.Linear(64, 32), nn.Tanh(), nn.Linear(32, 64)) local opt = optim.Adam(net:parameters(), {lr = 0.005}) "
      .. "for i = 1, 400 do local rows = tensor.randperm(1000)[{{1, 50}}] local x = taught:index_select(1, rows) opt:zero_grad() "
      .. "nn.MSELoss()(net(salt_pepper(x, 0.3)), x):backward() opt:step() end cleaner = net",
    "cleaner = train.autoencoder(taught, 32, {activation = 'Tanh', epochs = 30, lr = 0.005, corruption = 'salt_and_pepper', amount = 0.3}).net"},
    wrong = "cleaner = nn.Sequential(nn.Linear(64, 32), nn.Tanh(), nn.Linear(32, 64)) train.fit(cleaner, {data = {x = salt_pepper(taught, 0.3), y = taught * 0}, "
      .. "epochs = 5, progress = 'none', opt = optim.Adam(cleaner:parameters(), {lr = 0.005})})"},
  ["by hand"] = {right = {
    "auto = nn.Sequential(nn.Linear(64, 8), nn.Linear(8, 64))" .. fit:format(40),
    "auto = nn.Sequential(nn.Sequential(nn.Linear(64, 8)), nn.Sequential(nn.Linear(8, 64)))" .. fit:format(30),
    "auto = train.autoencoder(taught, 8, {activation = 'linear', epochs = 30, lr = 0.01}).net"},
    wrong = "auto = nn.Sequential(nn.Linear(64, 8), nn.Linear(8, 64))"},
  ["salt and pepper"] = {right = {
    "salt_pepper = function(x, s) local u = tensor.rand(x:size()) "
      .. "return tensor.where(u:lt(s), tensor.rand(x:size()):gt(0.5), x) end",
    "function salt_pepper(x, s) local u, y = tensor.rand(x:size()), x:clone() y[u:lt(s / 2)] = 0 y[u:gt(1 - s / 2)] = 1 return y end",
    "function salt_pepper(x, s) local m = tensor.bernoulli(s, x:size()) local v = tensor.bernoulli(0.5, x:size()) return x * (1 - m) + m * v end"},
    wrong = "function salt_pepper(x, share) return x * 0 end"},
}
