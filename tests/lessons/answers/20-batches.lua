-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  loop = {right = {
    "epoch = function(n, o, size) for x, y in data.batches(digits, size) do o:zero_grad() cross_entropy(n(x), y):backward() o:step() end end",
    "function epoch(net, opt, batch) for x, y in data.batches(digits, batch, {shuffle = false}) do net:zero_grad() nn.cross_entropy(net(x), y):backward() opt:step() end end",
    "function epoch(net, opt, batch) for i = 1, #digits, batch do local j = math.min(i + batch - 1, #digits) opt:zero_grad() cross_entropy(net(digits.x[{{i, j}}]), digits.y[{{i, j}}]):backward() opt:step() end end"},
    wrong = "function epoch(net, opt, batch) for x, y in data.batches(digits, batch) do opt:zero_grad() opt:step() end end"},
  ratio = {right = {
    "ratio = nn.cross_entropy(net(x), y, {reduction = 'sum'}):item() / nn.cross_entropy(net(x), y):item()",
    "ratio = 32",
    "summed = nn.CrossEntropyLoss{reduction = 'sum'} ratio = summed(net(x), y) / cross_entropy(net(x), y)"},
    wrong = "ratio = 1"},
  noise = {right = {
    "noise = function(B) local t = tensor.zeros(200) for k = 1, 200 do t[k] = gradient(B) end return t:std():item() end",
    "function noise(n) local s, q = 0, 0 for _ = 1, 200 do local g = gradient(n) s, q = s + g, q + g * g end return math.sqrt((q - s * s / 200) / 199) end",
    "function noise(B) local list = {} repeat list[#list + 1] = gradient(B) until #list == 200 return tensor(list):std():item() end"},
    wrong = "function noise(B) return gradient(B) end"},
}
