-- SPDX-License-Identifier: GPL-3.0-or-later
-- nn.watch records what layers do, step by step.
local net = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 4), nn.ReLU(), nn.Linear(4, 1))
net[1].weight:detach():fill_(100)
net[3].bias:detach():fill_(-1000)
local opt = optim.SGD(net:parameters(), {lr = 0.1})
local w = nn.watch(net, {optimizer = opt})
local x = tensor.ones(10, 3)
for _ = 1, 3 do
  opt:zero_grad()
  net(x):sum():backward()
  opt:step()
end
print(#w:layer("0").steps, w.step_count)             -- expect: 3	3
local tanh, relu, last = w:layer("1").steps[1], w:layer("3").steps[1], w:layer("4").steps[1]
print(tanh.saturated, relu.dead, relu.mean, relu.std)  -- expect: 1.0	1.0	0.0	0.0
print(last.gradient_std, w:layer("0").steps[1].gradient_std)  -- expect: 0.0	0.0
-- The last bias moves by lr * 10 a step; its weight does not, for its inputs are all 0.
print(last.update_ratio)                             -- expect: 0.0
-- An update ratio by hand: w = 2, g = 3 * 10, lr = 0.01.
local one = nn.Linear(1, 1, {bias = false})
one.weight:detach():fill_(2)
local sgd = optim.SGD(one:parameters(), {lr = 0.01})
local watch = nn.watch(one, {optimizer = sgd, every = 2})
for _ = 1, 4 do
  sgd:zero_grad()
  one(tensor.full({10, 1}, 3)):sum():backward()
  sgd:step()
end
local rows = watch:layer(1).steps
print(#rows, rows[1].step, rows[2].step)             -- expect: 2	0	2
print(math.abs(rows[1].update_ratio - 0.15) < 1e-6, rows[1].mean, rows[1].gradient_std)  -- expect: true	6.0	0.0
-- Plots read the record.
print(plot.depth(w).grid[1].marks[1].name, #plot.depth(w).grid[2].marks[1].y)   -- expect: step 0	5
print(plot.activations(w).grid[2].title, plot.gradients(w).marks[2].name)       -- expect: [2] Tanh	[2] Tanh
print(#plot.updates(w).marks, plot.updates(watch).marks[1].y[1] - rows[1].update_ratio)  -- expect: 4	0.0
print(select(2, pcall(plot.updates, net)):match("plot.updates.*"))              -- expect: plot.updates: expected what nn.watch returns; got table
print(select(2, pcall(plot.updates, nn.watch(nn.Linear(1, 1)))))                -- expect: plot.updates: the watch has recorded no steps. Hint: nn.watch(net, {optimizer = opt})
w:stop()
watch:stop()
print(rawget(opt, "step"), net[1]._hooks, #tostring(w) > 100)  -- expect: nil	false	true
