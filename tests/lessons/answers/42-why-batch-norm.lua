-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  unseen = {right = {"metrics.accuracy(unseen.y, train.predict(net, unseen.x))",
    "train.predict(net, unseen):argmax(2):eq(unseen.y):mean():item()",
    "net:eval() return metrics.accuracy(unseen.y, net(unseen.x):detach())"},
    wrong = "metrics.accuracy(unseen.y, unseen.y)"},
  block = {right = {
    "block = function(a, b) local l = nn.Linear(a, b, {bias = false}) "
      .. "return nn.Sequential(l, nn.BatchNorm1d(b), nn.ReLU()) end",
    "function block(a, b) return nn.Sequential(nn.Sequential(nn.Linear(a, b, {bias = false}), nn.BatchNorm1d(b)), nn.ReLU()) end",
    "function block(a, b) return nn.Sequential(nn.Linear(a, b, {bias = not true}), nn.BatchNorm1d(b), nn.ReLU()) end"},
    wrong = "function block(n, m) return nn.Sequential(nn.Linear(n, m, {bias = false}), nn.ReLU()) end"},
}
