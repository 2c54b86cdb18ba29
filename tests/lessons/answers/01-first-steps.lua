-- SPDX-License-Identifier: GPL-3.0-or-later
return {
  {right = {"tensor.sum(x)", "x[1] + x[2] + x[3] + x[4]", "x:sum():item()"}, wrong = "x:numel()"},
  {right = {"z = w:dot(x) + b", "z = (x * w + 0):sum() + 0.1", "z = 2.15"},
    wrong = "z = (w + x):sum() + b"},
  {right = {"Z = tensor.matmul(X, W:t())", "Z = W:matmul(X:t()):t()", "Z = X:matmul(W:transpose(1, 2))"},
    wrong = "Z = X:matmul(W:t()) + 1"},
  {right = {"layer = function(X, W, b) return (X:matmul(W:t()) + b):relu() end",
    "function layer(a, c, d) local o = a:matmul(c:t()):add(d) o:relu_() return o end",
    "function layer(a, c, d) return tensor.clamp(a:matmul(c:t()) + d, 0) end"},
    wrong = "function layer(X, W, b) return (X:matmul(W:t()) - b):relu() end"},
  shapes = {right = {
    "h = batch for i = 1, #net do h = net[i](h) print(h.shape) end",
    "h = batch; for i, layer in ipairs(net) do h = layer(h); print(i, h:size(2)) end",
    "h = net[3](net[2](net[1](batch)))"},
    wrong = "h = net[2](batch); print(h:size(1))"},
  mend = {right = {"wrong = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3)); wrong(batch)",
    "wrong[3] = nn.Linear(16, 3)", "wrong = nn.Sequential(nn.Linear(4, 16), nn.Linear(16, 3))"},
    wrong = "wrong = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))"},
}
