-- SPDX-License-Identifier: GPL-3.0-or-later
gradus.seed(1)
nn.quiet("nan")
local set = {x = tensor.linspace(-1, 1, 40):reshape(40, 1)}
set.y = set.x * 2 + 1
local function line() return nn.Sequential(nn.Linear(1, 1)) end

-- It learns, and says what happened.
local net = line()
local h = train.fit(net, {data = set, opt = optim.SGD(net:parameters(), {lr = 0.3}), epochs = 30,
  batch = 10, progress = "none"})
print(#h.epochs, #h.steps, h.epochs[30].loss < 1e-6, net.training) -- expect: 30	120	true	true
print(train.last == h) -- expect: true

-- Plain lines where there is no terminal.
train.fit(net, {data = set, opt = optim.SGD(net:parameters(), {lr = 0}), epochs = 1, batch = 40,
  valid = set, loss = function(x, y) return (x - y):abs():mean() * 0 + 2 end})
-- expect: epoch 1/1  loss 2  valid_loss 2

-- A rate far too high ends in nan, with the reason.
net = line()
h = train.fit(net, {data = set, opt = optim.SGD(net:parameters(), {lr = 1e18}), epochs = 50,
  progress = "none"})
print(h.stopped, #h.epochs < 50) -- expect: the loss is nan	true

-- Early stopping gives the best weights back.
net = line()
local losses = {3, 2, 5, 6, 1}
local weights = {}
h = train.fit(net, {data = set, epochs = 5, progress = "none",
  early_stop = {patience = 2, monitor = "score"},
  metrics = {score = function()
    local e = #weights + 1
    weights[e] = net[1].weight:item()
    return -losses[e]
  end}})
print(h.stopped, h.best, net[1].weight:item() == weights[2])
-- expect: score has not improved for 2 epochs	2	true

-- The same seed, the same run.
local function run()
  gradus.seed(4)
  local n = nn.Sequential(nn.Linear(1, 4), nn.Dropout(0.5), nn.Linear(4, 1))
  return train.fit(n, {data = set, epochs = 3, progress = "none"}).epochs[3].loss
end
print(run() == run()) -- expect: true

-- L2 as a loss term pulls weights in.
net = line()
train.fit(net, {data = set, opt = optim.SGD(net:parameters(), {lr = 0.1}), epochs = 100, l2 = 10,
  progress = "none", clip = 1})
print(math.abs(net[1].weight:item()) < 0.2) -- expect: true

-- A schedule that looks at the loss gets it.
net = line()
local still = optim.SGD(net:parameters(), {lr = 0.1})
train.fit(net, {data = set, opt = still, epochs = 4, progress = "none",
  scheduler = optim.lr_scheduler.ReduceLROnPlateau(still, {patience = 1, factor = 0.5,
  threshold = 10})})
print(still.param_groups[1].lr) -- expect: 0.05

-- Mistakes are named.
local function fails(...) print(select(2, pcall(train.fit, ...))) end
fails(net, {data = set, epoch = 3})
-- expect: train.fit: unknown option 'epoch'. Did you mean 'epochs'? Options: batch, checkpoint, clip, data, early_stop, epochs, l1, l2, live, loss, metrics, on_epoch, on_step, opt, progress, resume, scheduler, seed, shuffle, valid
fails(net, {}) -- expect: train.fit: no data. Hint: train.fit(net, {data = set})
fails(net, {data = set, metrics = {"acuracy"}}) -- expect: train.fit: no metric 'acuracy'. Did you mean 'accuracy'?
fails(net, {data = {x = tensor.zeros(0, 1), y = tensor.zeros(0)}}) -- expect: train.fit: data: the data set is empty

-- A loop over batches that was left early does not go on in the next one.
local batches = data.batches(set, 10, {shuffle = false})
local seen = 0
for x in batches do
  seen = seen + x:size(1)
  if seen == 20 then break end
end
for x in batches do seen = seen + x:size(1) end
print(seen) -- expect: 60

-- on_step ends a run in the middle of an epoch, on_epoch after one.
net = line()
h = train.fit(net, {data = batches, epochs = 9, progress = "none", on_step = function(sofar)
  return #sofar.steps < 6
end})
print(#h.steps, #h.epochs, h.stopped) -- expect: 6	2	on_step said so
h = train.fit(net, {data = batches, epochs = 9, progress = "none", on_epoch = function(sofar)
  return #sofar.epochs < 3
end})
print(#h.steps, #h.epochs, h.stopped) -- expect: 12	3	on_epoch said so

-- An error in the loop leaves the history, and the net in its mode.
net:eval()
print(pcall(train.fit, net, {data = set, epochs = 3, progress = "none", on_step = function(sofar)
  if #sofar.steps == 3 then error("no paper left", 0) end
end}))
-- expect: false	no paper left
print(train.last.stopped, #train.last.steps, net.training)
-- expect: an error: no paper left	3	false

-- The loop can be copied and changed: the file works from anywhere.
local original = io.open(package.searchpath("train.fit", arg[0]:match("^(.*)/tests/") .. "/lua/?.lua"))
local copy = io.open("my_fit.lua", "w")
copy:write(original:read("a"))
copy:close()
h = dofile("my_fit.lua").fit(line(), {data = set, epochs = 2, progress = "none"})
print(#h.epochs) -- expect: 2
original:seek("set")
local lines = 0
for _ in original:lines() do lines = lines + 1 end
original:close()
print(lines < 100) -- expect: true
