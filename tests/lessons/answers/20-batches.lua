-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  loop = {right = {
    "epoch = function(n, o, size) for x, y in data.batches(digits, size) do o:zero_grad() cross_entropy(n(x), y):backward() o:step() end end",
    "function epoch(net, opt, batch) for x, y in data.batches(digits, batch, {shuffle = false}) do net:zero_grad() nn.cross_entropy(net(x), y):backward() opt:step() end end",
    "function epoch(net, opt, batch) for i = 1, #digits, batch do local j = math.min(i + batch - 1, #digits) opt:zero_grad() cross_entropy(net(digits.x[{{i, j}}]), digits.y[{{i, j}}]):backward() opt:step() end end"},
    wrong = "function epoch(net, opt, batch) for x, y in data.batches(digits, batch) do opt:zero_grad() opt:step() end end"},
  [2] = {right = {
    "ratio = nn.cross_entropy(net(x), y, {reduction = 'sum'}):item() / nn.cross_entropy(net(x), y):item()",
    "ratio = 32",
    "summed = nn.CrossEntropyLoss{reduction = 'sum'} ratio = summed(net(x), y) / cross_entropy(net(x), y)"},
    wrong = "ratio = 1"},
}
