-- SPDX-License-Identifier: GPL-3.0-or-later
-- lab.why: what it says, that it changes nothing, and nets of every make.
gradus.seed(1)

local function deep(make)
  local layers = {}
  for i = 1, 9 do layers[2 * i - 1], layers[2 * i] = nn.Linear(32, 32), make() end
  return nn.Sequential(table.unpack(layers))
end

-- Linear's default makes a ReLU net forget: 1/sqrt(6) a layer.
local d = why(deep(nn.ReLU), tensor.randn(100, 32))
-- expect: vanishing
print(d.fault)
-- expect: true	true	true
print(d.findings[1].evidence:find("0%.4%d? of itself at each layer") ~= nil,
  d.findings[1].evidence:find("U(-1/sqrt(n), 1/sqrt(n))", 1, true) ~= nil,
  d.findings[1].try:find("kaiming_normal", 1, true) ~= nil)
-- expect: The gradient vanishes.
print((tostring(d):match("^[^\n]+")))

-- Some faults, far from those it is graded on (all of them: experiments/why_faults.lua).
local wrong = {}
for _, fault in ipairs {"none", "dead", "rate_high", "rate_low", "mode", "overfit", "left_out"} do
  local p = lab.patient(11, {fault = fault})
  local said = why(p.net, p.data, p.clues).fault
  if said ~= fault then wrong[#wrong + 1] = fault .. " taken for " .. said end
end
-- expect: all found
print(#wrong == 0 and "all found" or table.concat(wrong, ", "))

-- A patient is the same each time.
-- expect: true
local a, b = lab.patient(12, {fault = "none"}), lab.patient(12, {fault = "none"})
print((a.net:parameters()[1] - b.net:parameters()[1]):eq(0):all())

-- Nothing of the net, the optimiser, the modes or the generator changes.
local p = lab.patient(5, {fault = "zero_grad"})
local before, memory = {}, p.opt:state_dict()
for i, t in ipairs(p.net:parameters()) do before[i] = t:detach():clone() end
gradus.seed(9)
local number = tensor.rand(1):item()
gradus.seed(9)
-- expect: zero_grad
print(why(p.net, p.data, p.clues).fault)
-- expect: true	true	nil	true
local same = true
for i, t in ipairs(p.net:parameters()) do same = same and (t - before[i]):eq(0):all() end
print(same, tensor.rand(1):item() == number, p.net:parameters()[1].grad, p.net.training)
-- expect: true
print(#p.opt:state_dict().param_groups == #memory.param_groups)

-- Steps that take the loss up by thousands are too long, even where a hundred of them fit the data; so are those of a
-- record that came down from there, and a rate of which not even a hundredth lowers the loss soon.
gradus.seed(3)
local flowers = data.iris()
flowers = {x = (flowers.x - flowers.x:mean(1)) / flowers.x:std(1), y = flowers.y}
local function net_of() return nn.Sequential(nn.Linear(4, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 3)) end
local steep = net_of()
-- expect: rate_high
print(why(steep, flowers, {opt = optim.RMSprop(steep:parameters(), {lr = 0.5})}).fault)
-- expect: rate_high	true
local record = why(net_of(), flowers, {history = {1.1, 80, 4000, 9, 5, 3, 2, 2, 2, 2}})
print(record.fault, record.findings[1].evidence:find("from 1.1 to 2 in 10 steps, by way of 4e+03", 1, true) ~= nil)
-- expect: none
print(why(net_of(), flowers, {history = {0.1, 0.2, 0.3, 0.4, 0.3, 0.4, 0.3, 0.4}}).fault)

-- Where NaN begins: the layer and the operation.
local net = nn.Sequential(nn.Linear(2, 8), nn.Lambda(function(x) return x:log() end), nn.Linear(8, 2))
-- expect: NaN or infinity begins in [2] (Lambda), by the operation 'log'
print(why(net, tensor.randn(50, 2)).findings[1].title)

-- A module of one's own, without activation layers; pictures; indices.
local Net = nn.class("Net")
function Net:init() self.a, self.b, self.c = nn.Linear(2, 16), nn.Linear(16, 16), nn.Linear(16, 2) end
function Net:forward(x) return self.c(self.b(self.a(x):relu()):relu()) end
-- expect: none
print(why(Net(), data.moons(100)).fault)
local digits = data.digits()
digits.x = (digits.x / 16):reshape(-1, 1, 8, 8)
local cnn = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(72, 10))
-- expect: none
print(why(cnn, digits, {opt = optim.Adam(cnn:parameters())}).fault)
local words = nn.Sequential(nn.Embedding(10, 4), nn.Flatten(), nn.Linear(8, 2))
-- expect: none
print(why(words, {x = tensor.randint(1, 10, {20, 2}), y = tensor.randint(1, 2, {20})}).fault)

-- One sample, one feature; labels from 0; a step that fails.
-- expect: none
print(why(nn.Linear(1, 1), {x = tensor{{1}}, y = tensor{{2}}}).fault)
local moons = data.moons(100)
moons.y = moons.y - 1
-- expect: error	true
local failed = why(Net(), moons)
print(failed.fault, tostring(failed):find("labels + 1", 1, true) ~= nil)

-- expect: why: the first argument should be a net; got 3. Hint: why(net, {x = x, y = y}, {opt = opt})
print(select(2, pcall(why, 3, moons)))
-- expect: why: x and y go into one data set. Hint: why(net, {x = x, y = y}, {opt = opt})
print(select(2, pcall(why, Net(), moons.x, moons.y)))
-- expect: why: the first argument is a class of layers; a net is made by calling it. Hint: nn.ReLU(...)
print(select(2, pcall(why, nn.ReLU, moons)))
for _, given in ipairs {{opt = "adam"}, {loss = "mse"}, {valid = 3}, {history = "h"}, {step = 3}, {batch = 0}} do
  print((select(2, pcall(why, Net(), moons, given)):match("^why: (%S+ should be .*; got .*)$")))
end
-- expect: opt should be an optimiser, like optim.SGD(net:parameters(), {lr = 0.1}); got 'adam'
-- expect: loss should be a loss, like nn.CrossEntropyLoss(), or a function of predictions and targets; got 'mse'
-- expect: valid should be a data set {x = ..., y = ...}; got 3
-- expect: history should be what train.fit returns, or a list of losses; got 'h'
-- expect: step should be a function of x and y that makes one step; got 3
-- expect: batch should be a whole number of at least 1; got 0
-- expect: why: unknown option 'los'. Did you mean 'loss'? Options: batch, evaluate, history, loss, opt, step, valid
print(select(2, pcall(why, Net(), moons, {los = 1})))
-- expect: lab.patient: no fault 'ded'. Did you mean 'dead'?
print((select(2, pcall(lab.patient, 1, {fault = "ded"})):match("^.-%?")))

-- Dropout that no mode turns off; a rate so low that only a million times of it does anything.
local Always = nn.class("Always")
function Always:init() self.a, self.b = nn.Linear(64, 64), nn.Linear(64, 10) end
function Always:forward(x) return self.b(self.a(x):relu():dropout(0.5, true)) end
local pictures = data.digits()
local set = {x = pictures.x / 16, y = pictures.y}
print(why(Always(), set).findings[1].title) -- expect: the net is random in evaluation mode, too
net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
print(why(net, set, {opt = optim.SGD(net:parameters(), {lr = 1e-9})}).fault) -- expect: rate_low

-- Activations that are functions are seen as layers are; two classes by one number have shares.
local Function = nn.class("Function")
function Function:init() self.a, self.b = nn.Linear(64, 64), nn.Linear(64, 1) end
function Function:forward(x) return self.b(self.a(x):relu()) end
net = Function()
autograd.no_grad(function() net.a.bias:fill_(-50) end)
local zeros = {x = set.x, y = set.y:eq(1):reshape(-1, 1)}
local d0 = why(net, zeros, {loss = nn.BCEWithLogitsLoss()})
print(d0.findings[1].evidence:match("^[^:]*"))
-- expect: 100 % of the 64 units of relu after .a are 0 for every sample
net = Function()
print(why(net, zeros, {loss = nn.BCEWithLogitsLoss()}).fault)
-- expect: bias
-- How much faster another rate is: in the straight part of a descent, as many times as the rate is higher.
gradus.seed(3)
local inputs = tensor.randn(256, 8)
local plane = {x = inputs, y = inputs:matmul(tensor.randn(8, 1))}
local line = nn.Linear(8, 1)
local function at_rate(lr) return why(line, plane, {opt = optim.SGD(line:parameters(), {lr = lr})}) end
local diagnosis = at_rate(0.004)
local ratio = diagnosis.seen.speed.times / diagnosis.seen.speed.factor
-- expect: none	true	true
print(diagnosis.fault, ratio > 0.5, ratio < 1.5)
-- Where harm begins: plain descent on this bowl diverges beyond 2 / (the largest eigenvalue of 2 x^T x / n), about 0.7.
-- expect: 100	true
print(diagnosis.seen.rates.edge.edge, diagnosis.seen.rates.edge.at[5] * 0.004 < 0.8)
-- Where the loss hardly moves, a rate that may be hundreds of times as high is a fault; where it moves, the better rate is
-- only named; where the rate is good, there is nothing to say.
diagnosis = at_rate(0.0015)
-- expect: none	true	true
print(diagnosis.fault, diagnosis.hint.rate > 0.01, tostring(diagnosis):find("But the loss would fall", 1, true) ~= nil)
local good = at_rate(0.1)
-- expect: rate_low	none	nil
print(at_rate(0.0003).fault, good.fault, good.hint)
-- What is said is the same each time, whatever was drawn before.
gradus.seed(77)
local again = tostring(at_rate(0.0015))
gradus.seed(78)
-- expect: true
print(again == tostring(at_rate(0.0015)))

-- Rates that are too low by 10 to 30 times: a fault, or a rate that is named where nothing is wrong.
local slow = lab.patient(9002, {fault = "rate_low", slow = {10, 30}})
-- expect: rate_low
print(why(slow.net, slow.data, slow.clues).fault)
slow = lab.patient(9012, {fault = "rate_low", slow = {10, 30}})
local named = why(slow.net, slow.data, slow.clues)
-- expect: none	true	true
print(named.fault, named.hint and named.hint.rate > slow.opt.param_groups[1].lr,
  tostring(named):find("But the loss would fall %d+ times faster at a rate of") ~= nil)

-- A bad start that a hundred steps mend is no rate that is too high; one that they do not mend is.
local function jumpy(lr)
  gradus.seed(5)
  local n = nn.Sequential(nn.Linear(8, 64), nn.ReLU(), nn.Linear(64, 1))
  local said = why(n, plane, {opt = optim.Adam(n:parameters(), {lr = lr})})
  return said.fault, said.seen.rates.peaks[3] > 10 * said.seen.rates.before
end
-- expect: none	true
print(jumpy(0.4))
-- expect: rate_high	true
print(jumpy(10))
