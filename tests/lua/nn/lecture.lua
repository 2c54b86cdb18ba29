-- SPDX-License-Identifier: GPL-3.0-or-later
-- The examples of the lecture on training carry over line by line.
nn.quiet("train_mode")
x = tensor.full({3, 5}, 1):requires_grad_()
dropout = nn.Dropout(0.75)
y = dropout(x)
print(y:eq(0):sum():item() + y:eq(4):sum():item())   -- expect: 15.0
model = nn.Sequential(
  nn.Linear(10, 100),
  nn.ReLU(),
  nn.Dropout(),
  nn.Linear(100, 50),
  nn.ReLU(),
  nn.Dropout(),
  nn.Linear(50, 2))
print(model(tensor.randn(4, 10)):size(2))            -- expect: 2
model = nn.Sequential(
  nn.Linear(3, 10),
  nn.Dropout(),
  nn.Linear(10, 3))
print(model.training)                                -- expect: true
print(model:eval())
-- expect: Sequential (eval)
-- expect:   [1]: Linear(3 -> 10)
-- expect:   [2]: Dropout(p = 0.5)
-- expect:   [3]: Linear(10 -> 3)
print(model.training)                                -- expect: false
bn = nn.BatchNorm1d(3)
autograd.no_grad(function()
  bn.bias:copy_(tensor{2, 4, 8})
  bn.weight:copy_(tensor{1, 2, 3})
end)
x = tensor.randn(1000, 3)
x = x * tensor{2, 5, 10} + tensor{-10, 25, 3}
y = bn(x)
print((y:mean(1) - tensor{2, 4, 8}):abs():max():item() < 1e-3)     -- expect: true
print((y:std(1) - tensor{1.0005, 2.0010, 3.0015}):abs():max():item() < 1e-3)  -- expect: true
-- In evaluation mode dropout passes all, and two passes agree.
drop = nn.Dropout(0.75):eval()
print(drop(tensor{1, 2}):sum():item())               -- expect: 3.0
print(optim.SGD(model:parameters(), {lr = 0.01, momentum = 0.9}).param_groups[1].momentum)  -- expect: 0.9
print(optim.Adam(model:parameters(), {lr = 0.0001}).param_groups[1].lr)  -- expect: 0.0001
