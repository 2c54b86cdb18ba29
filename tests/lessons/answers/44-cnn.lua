-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  channels = {right = {"t = tensor.zeros{2, 16, 16, 32} bn = nn.BatchNorm2d(32) y = bn(t:permute(1, 4, 2, 3))",
    "t = tensor.zeros(2, 16, 16, 32) bn = nn.BatchNorm2d(t:size(4)) local u = t:permute(1, 4, 2, 3) y = bn(u)",
    "t = tensor.zeros(2, 16, 16, 32) bn = nn.BatchNorm2d(32, {momentum = 0.2}) y = bn(t:permute(1, 4, 2, 3))"},
    wrong = "t = tensor.zeros(2, 16, 16, 32) bn = nn.BatchNorm2d(16) y = bn(t)"},
  train = {right = {"local net = cnn(true) normed, right_normed = learn(net)", "normed, right_normed = learn(cnn(true, nil))",
    "normed, right_normed = learn(cnn(true, false))"}, wrong = "normed = learn(cnn(true))"},
  orders = {right = {
    "vision = function(a, b) local l = nn.Conv2d(a, b, 3, {padding = 1}) "
      .. "return nn.Sequential(l, nn.Dropout(0.2), nn.ReLU(), nn.BatchNorm2d(b), nn.MaxPool2d(2)) end",
    "function vision(n, m) local u = usual(n, m) return nn.Sequential(u[1], u[4], u[3], u[2], u[5]) end",
    "function vision(n, m) return nn.Sequential(nn.Sequential(nn.Conv2d(n, m, 3, 1, 1), nn.Dropout(0.2)), nn.ReLU(), nn.BatchNorm2d(m), nn.MaxPool2d(2)) end"},
    wrong = "function vision(n, m) return nn.Sequential(nn.Conv2d(n, m, 3, {padding = 1}), nn.Dropout(), nn.ReLU(), nn.BatchNorm2d(m), nn.MaxPool2d(2)) end"},
}
