-- SPDX-License-Identifier: GPL-3.0-or-later
-- Remarks that teach: each once, never fatal, each can be silenced.
local notice = require("gradus.notice")
notice.write = function(text) print((text:gsub(" Hint:.*", ""))) end

local net = nn.Sequential(nn.Linear(2, 4), nn.Dropout(0.5), nn.Linear(4, 2))
local x, y = tensor.randn(6, 2), tensor{1, 2, 1, 2, 1, 2}
autograd.no_grad(function() net(x) end)
-- expect: note: Dropout computes without gradients but in training mode: its outputs are noisy.
autograd.no_grad(function() net(x) end)
nn.quiet("train_mode", false)
autograd.no_grad(function() nn.BatchNorm1d(2)(x) end)
-- expect: note: BatchNorm1d computes without gradients but in training mode: its outputs are noisy and its running averages change.
nn.quiet("train_mode")
nn.mc(net, x, 3)

local probabilities = nn.Sequential(net, nn.Softmax(2))
local loss_of = nn.CrossEntropyLoss()
loss_of(probabilities(x), y)
-- expect: note: the input of nn.CrossEntropyLoss comes from a softmax; the loss does that itself, so it is done twice and learning is slow.
loss_of(probabilities(x), y)
nn.quiet("softmax")
nn.BCEWithLogitsLoss()(net(x):sigmoid(), tensor.zeros(6, 2))
nn.quiet("softmax", false)
nn.BCEWithLogitsLoss()(net(x):sigmoid(), tensor.zeros(6, 2))
-- expect: note: the input of nn.BCEWithLogitsLoss comes from a sigmoid; the loss does that itself, so it is done twice and learning is slow.

local opt = optim.SGD(net:parameters(), {lr = 0.1})
for _ = 1, 4 do
  loss_of(net(x), y):backward()
  opt:step()
end
-- expect: note: optim.SGD: a second step without zero_grad: backward() adds to the gradients, so the old ones count again.
local tidy = optim.SGD(net:parameters(), {lr = 0.1})
for _ = 1, 3 do
  net:zero_grad()
  loss_of(net(x), y):backward()
  tidy:step()
end

net[3] = nn.Linear(4, 2)
local late = optim.Adam(net[1]:parameters())
for _ = 1, 3 do
  late:zero_grad()
  loss_of(net(x), y):backward()
  late:step()
end
-- expect: note: 2 parameters got a gradient but no optimiser has them (e.g. of shape (2, 4)): it never changes.

local deep = nn.Sequential(nn.Linear(2, 2), nn.Lambda(function(v) return v:abs():sqrt() * (1 / 0) end, "blow up"), nn.Linear(2, 2))
loss_of(deep(x), y)
-- expect: note: the loss is not a number: layer '1' Lambda(blow up) is the first whose output is not finite.
nn.quiet("nan", false)
deep = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 2))
deep[3].weight:detach():fill_(0 / 0)
loss_of(deep(x), y)
-- expect: note: the loss is not a number: the parameter '2.weight' is not finite: an earlier step blew up.

nn.BCEWithLogitsLoss()(tensor{0, 0}, tensor{1, 2})
-- expect: note: 1 of 2 targets of nn.BCEWithLogitsLoss lie outside 0 to 1: the loss has no least value.
nn.quiet("labels", false)
nn.NLLLoss()(tensor{{0.25, 0.75}}, tensor{2})
-- expect: note: nn.NLLLoss gives a negative loss: its input should hold logarithms of probabilities, which are at most 0.
-- Labels out of range: a remark on the whole batch, once, and the error, always, for there is no such loss.
nn.quiet("labels", false)
notice.write = print
local scores = tensor.zeros(4, 2)
print(select(2, pcall(loss_of, scores, tensor{0, 1, 0, 1})))
-- expect: note: 2 of 4 labels of nn.CrossEntropyLoss lie outside 1 to 2: they run from 0 to 1. Hint: the labels count from 0: use y + 1 (nn.quiet("labels") silences this)
-- expect: CrossEntropyLoss: cross_entropy: label 1 is 0, but labels count from 1 to 2. Hint: if yours count from 0, use labels + 1
print(pcall(loss_of, scores, tensor{0, 1, 0, 1}))
-- expect: false	CrossEntropyLoss: cross_entropy: label 1 is 0, but labels count from 1 to 2. Hint: if yours count from 0, use labels + 1
nn.quiet("labels", false)
print(pcall(nn.NLLLoss({ignore_index = -7}), scores, tensor{1, 5, -7, 3}))
-- expect: note: 2 of 3 labels of nn.NLLLoss lie outside 1 to 2: they run from 1 to 5. Hint: the last layer needs 5 outputs (nn.quiet("labels") silences this)
-- expect: false	NLLLoss: nll_loss: label 2 is 5; expected a whole number from 1 to 2, the number of classes
nn.quiet("labels")
print((pcall(nn.MultiMarginLoss(), scores, tensor{1, 2, -1, 2})))  -- expect: false
nn.quiet("labels", false)
print((pcall(nn.MultiMarginLoss(), scores, tensor{1, 2, -1, 2})))
-- expect: note: 1 of 4 labels of nn.MultiMarginLoss lie outside 1 to 2: they run from -1 to 2. Hint: labels are whole numbers from 1 to 2 (nn.quiet("labels") silences this)
-- expect: false
notice.write = function(text) print((text:gsub(" Hint:.*", ""))) end

-- The functions say the same as the modules.
for _, topic in ipairs {"softmax", "nan", "labels"} do nn.quiet(topic, false) end
nn.cross_entropy(probabilities(x), y)
-- expect: note: the input of nn.CrossEntropyLoss comes from a softmax; the loss does that itself, so it is done twice and learning is slow.
local function wrong() local v = nn.cross_entropy(scores, tensor{0, 1, 0, 1}); return v end
local message = select(2, pcall(wrong))
print(message:match("remarks.lua:%d+: (.*)"))
-- expect: note: 2 of 4 labels of nn.CrossEntropyLoss lie outside 1 to 2: they run from 0 to 1.
-- expect: cross_entropy: label 1 is 0, but labels count from 1 to 2. Hint: if yours count from 0, use labels + 1
-- A net of two inputs: where its NaN began.
Both = nn.class("Both")
function Both:init() self.a, self.b = nn.Linear(2, 2), nn.Lambda(function(v) return v / 0 - v / 0 end, "bad") end
function Both:forward(u, v) return self.b(self.a(u) + v) end
nn.mse_loss(Both()(x, x), x)
-- expect: note: the loss is not a number: layer 'b' Lambda(bad) is the first whose output is not finite.

Stack = nn.class("Stack")
function Stack:init() self.layers = {nn.Linear(2, 2), nn.Linear(2, 2)} end
print(#Stack():parameters())
-- expect: note: Stack.layers is a plain table: the layers in it are not found, trained or saved.
-- expect: 0
print(select(2, pcall(nn.quiet, "sofmax")):match("no topic.*%?"))  -- expect: no topic 'sofmax'. Did you mean 'softmax'?

-- A net that somebody looked at before the optimiser was made is not forgotten.
do
  local looked, used = nn.Linear(2, 2), nn.Linear(2, 2)
  looked(tensor.ones(1, 2)):sum():backward()
  local own = optim.SGD(used:parameters(), {lr = 0.1})
  for _ = 1, 3 do
    own:zero_grad()
    used(tensor.ones(1, 2)):sum():backward()
    own:step()
  end
  print("silent")
  -- expect: silent
end
