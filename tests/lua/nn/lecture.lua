-- SPDX-License-Identifier: GPL-3.0-or-later
-- The examples of the lecture on training, each line of PyTorch as one line of Lua.
gradus.seed(3)
-- Standardising both sets by the statistics of one.
X_train, X_test = tensor.randn(120, 10) * 3 + 5, tensor.randn(40, 10) * 3 + 5
mu, std = X_train:mean(1), X_train:std(1)
X_train:sub_(mu):div_(std)
X_test:sub_(mu):div_(std)
print(X_train:mean(1):abs():max():item() < 1e-5, (X_train:std(1) - 1):abs():max():item() < 1e-5)  -- expect: true	true

-- Gradient descent by hand, on the whole set.
Y_train = tensor.randint(1, 2, {120})
model, criterion, alpha, nb_epochs = nn.Sequential(nn.Linear(10, 8), nn.Tanh(), nn.Linear(8, 2)), nn.CrossEntropyLoss(), 0.1, 20
first = criterion(model(X_train), Y_train):item()
for _ = 1, nb_epochs do
  output = model(X_train)
  loss = criterion(output, Y_train)
  model:zero_grad()
  loss:backward()
  autograd.no_grad(function()
    for _, p in ipairs(model:parameters()) do p:sub_(alpha * p.grad) end
  end)
end
print(loss:item() < first)                           -- expect: true

-- The same in batches.
batch_size = 30
for _ = 1, nb_epochs do
  for b = 1, X_train:size(1), batch_size do
    output = model(X_train[{{b, b + batch_size - 1}}])
    loss = criterion(output, Y_train[{{b, b + batch_size - 1}}])
    model:zero_grad()
    loss:backward()
    autograd.no_grad(function()
      for _, p in ipairs(model:parameters()) do p:sub_(alpha * p.grad) end
    end)
  end
end
print(criterion(model(X_train), Y_train):item() < first)  -- expect: true

-- Optimisers.
optimizer = optim.SGD(model:parameters(), {lr = 0.01, momentum = 0.9})
print(optimizer)
-- expect: SGD(average = false, dampening = 0, l1 = 0, lr = 0.01, maximize = false, momentum = 0.9, nesterov = false, weight_decay = 0): 4 tensors, 106 numbers
var1, var2 = tensor.zeros(2):requires_grad_(), tensor.zeros(3):requires_grad_()
print(optim.Adam({var1, var2}, {lr = 0.0001}))
-- expect: Adam(amsgrad = false, betas = {0.9, 0.999}, eps = 1e-08, l1 = 0, lr = 0.0001, maximize = false, weight_decay = 0): 2 tensors, 5 numbers
dataset = {{X_train, Y_train}, {X_test, tensor.randint(1, 2, {40})}}
for _, pair in ipairs(dataset) do
  input, target = pair[1], pair[2]
  optimizer:zero_grad()
  output = model(input)
  loss = criterion(output, target)
  loss:backward()
  optimizer:step()
end
print(loss:item() > 0)                               -- expect: true

-- Weight decay as an option, and as a loss of one's own.
learning_rate, lamda = 0.1, 1e-3
optimizer = optim.SGD(model:parameters(), {lr = learning_rate, weight_decay = lamda})
regularization_loss = 0
for _, param in ipairs(model:parameters()) do
  regularization_loss = regularization_loss + tensor.sum(tensor.abs(param))
end
classif_loss = criterion(model(X_train), Y_train)
loss = classif_loss + lamda * regularization_loss
optimizer:zero_grad()
loss:backward()
optimizer:step()
print(loss:item() > classif_loss:item(), model[1].weight.grad:abs():sum():item() > 0)  -- expect: true	true

-- Inverted dropout by hand: 0 or divided by 1 - p.
p = 0.6
x = 10 * tensor.rand(3, 5)
before = x:clone()
m = tensor.randn(x.shape):lt(1 - p)
x:mul_(m)
x:div_(1 - p)
print((x - before * m / (1 - p)):abs():max():item() < 1e-5)  -- expect: true

-- The layer.
x = tensor.full({3, 5}, 1.0):requires_grad_()
print(x)
-- expect: tensor{{1, 1, 1, 1, 1},
-- expect:        {1, 1, 1, 1, 1},
-- expect:        {1, 1, 1, 1, 1}}  -- float32 (3, 5)
dropout = nn.Dropout{p = 0.75}
y = dropout(x)
print(y:eq(0):sum():item() + y:eq(4):sum():item())   -- expect: 15.0

-- The multilayer perceptron, without and with dropout.
model = nn.Sequential(
  nn.Linear(10, 100),
  nn.ReLU(),
  nn.Linear(100, 50),
  nn.ReLU(),
  nn.Linear(50, 2))
print(table.concat(model(X_test):size(), " "))       -- expect: 40 2
model = nn.Sequential(
  nn.Linear(10, 100),
  nn.ReLU(),
  nn.Dropout(),
  nn.Linear(100, 50),
  nn.ReLU(),
  nn.Dropout(),
  nn.Linear(50, 2))
print(table.concat(model(X_test):size(), " "))       -- expect: 40 2
print((model:train(true)(X_test) - model:train()(X_test)):abs():max():item() > 0)   -- expect: true
print((model:train(false)(X_test) - model:eval()(X_test)):abs():max():item())       -- expect: 0.0

-- Train and eval, printed.
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

-- Batch norm on 1000 x 3.
bn = nn.BatchNorm1d(3)
autograd.no_grad(function()
  bn.bias:copy_(tensor{2., 4., 8.})
  bn.weight:copy_(tensor{1., 2., 3.})
end)
x = tensor.zeros(1000, 3):normal_()
x = x * tensor{2., 5., 10.} + tensor{-10., 25., 3.}
print((x:mean(1) - tensor{-10, 25, 3}):abs():max():item() < 1.5, (x:std(1) / tensor{2, 5, 10} - 1):abs():max():item() < 0.15)  -- expect: true	true
y = bn(x)
print((y:mean(1) - tensor{2, 4, 8}):abs():max():item() < 1e-3)     -- expect: true
print((y:std(1) - tensor{1.0005, 2.0010, 3.0015}):abs():max():item() < 1e-3)  -- expect: true
