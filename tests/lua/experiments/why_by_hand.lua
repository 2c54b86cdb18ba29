-- SPDX-License-Identifier: GPL-3.0-or-later
-- `why` graded a second time, by nets and loops as students write them: own modules with a
-- functional forward, nested Sequentials, convolutions, regression, two classes by BCE.
--
-- This file was written from lectures and practice, without a look at the rules of why nor at
-- lab.patient, and stood before why first ran on it. Seeds from 1001 on were for mending the rules:
-- at the first run 34 of 40 were right (2 false alarms on 12 healthy nets), and 125 of 160 with 120
-- more (7 on 48). The seeds of tests/expect/why_by_hand.txt were chosen before the rules as they are now first ran
-- there; rates that are too low by only 10 to 30 times were worked at on 1101 to 1220, healthy nets on 1301 to 1600. They are
-- other nets from the same ways of going wrong: what a way not thought of here would make of why is not measured.
-- Healthy nets are drawn, not tried: `check` shows that a few do not learn. Of such is the one alarm on seeds that earlier
-- rules were graded by: 3071, SGD at 0.1, whose loss rises to 430 in the fifth step and is 0.86 after 1000, where a tenth of
-- the rate brings it to 0.20. There why is right and the label is not, so no rule was changed for it.
--
--     gradus why_by_hand.lua [FILE [N]]   the held-out seeds, or those N further; the confusion matrix into FILE
--     gradus why_by_hand.lua dev          the development seeds, with all that why says
--     gradus why_by_hand.lua 1001 1005    these seeds, with all it says (a third word: healthy, or a fault)
--     gradus why_by_hand.lua check 1001   without why: do healthy nets learn, and the others not?

local function pick(list) return list[math.random(#list)] end
local function chance(p) return math.random() < p end
local function between(a, b) return math.random(a, b) end

-- Data --------------------------------------------------------------------------------------------

-- Mean 0 and standard deviation 1 by the training part's numbers, as the lecture writes it.
local function normalised(train, valid)
  local mean, std = train.x:mean(1), train.x:std(1) + 1e-6
  return {x = (train.x - mean) / std, y = train.y}, {x = (valid.x - mean) / std, y = valid.y}
end

local tasks = {}

local function of_classes(set, classes, ready)
  local train, valid = data.split(set, 0.25)
  if not ready then train, valid = normalised(train, valid) end
  return {train = {x = train.x, y = train.y}, valid = {x = valid.x, y = valid.y}, classes = classes,
    outputs = classes, inputs = train.x:size(2), loss = nn.CrossEntropyLoss(), kind = "classes"}
end

function tasks.digits(n)
  local set = data.digits()
  local few = data.subset(set, tensor.randperm(1797)[{{1, n or 1000}}]:totable())
  return of_classes({x = few.x / 16, y = few.y}, 10, true)
end

function tasks.iris() return of_classes(data.iris(), 3) end
function tasks.wine() return of_classes(data.wine(), 3) end
function tasks.blobs() return of_classes(data.blobs(400, {classes = 4}), 4) end
function tasks.spirals() return of_classes(data.spirals(600, {classes = 3}), 3) end

-- Two classes as one number with a target of 0 or 1.
local function binary(set)
  local t = of_classes(set, 2)
  for _, part in ipairs {t.train, t.valid} do part.y = part.y:eq(2):reshape(-1, 1) end
  t.outputs, t.loss, t.kind = 1, nn.BCEWithLogitsLoss(), "binary"
  return t
end

function tasks.moons() return binary(data.moons(500, {noise = 0.15})) end
function tasks.circles() return binary(data.circles(500, {noise = 0.05})) end
function tasks.clouds() return binary(data.gaussians(400, {distance = 3})) end

local function regression(set, ready)
  local train, valid = data.split(set, 0.25)
  if not ready then train, valid = normalised(train, valid) end
  local mean, std = train.y:mean():item(), train.y:std():item()
  local function targets(y) return ((y - mean) / std):reshape(-1, 1) end
  return {train = {x = train.x, y = targets(train.y)}, valid = {x = valid.x, y = targets(valid.y)},
    outputs = 1, inputs = train.x:size(2), loss = nn.MSELoss(), kind = "regression"}
end

function tasks.diabetes() return regression(data.diabetes()) end

function tasks.curve()
  local x = tensor.rand(400, 1) * 2 - 1
  return regression({x = x, y = (x * 4):sin():reshape(-1) + tensor.randn(400) * 0.1}, true)
end

function tasks.plane()
  local x, w = tensor.randn(600, 12), tensor.randn(12, 1)
  return regression({x = x, y = (x:matmul(w) + 0.5 * x[{{}, {1, 1}}] ^ 2):reshape(-1)}, true)
end

local any = {"digits", "digits", "iris", "wine", "blobs", "spirals", "moons", "circles", "clouds",
  "diabetes", "curve", "plane"}

-- Nets --------------------------------------------------------------------------------------------

local layers_of = {relu = nn.ReLU, tanh = nn.Tanh, sigmoid = nn.Sigmoid, gelu = nn.GELU,
  silu = nn.SiLU, leaky_relu = nn.LeakyReLU}

-- The widths before and after each linear layer.
local function sizes_of(s)
  local sizes = {s.inputs}
  for i = 1, s.depth do sizes[i + 1] = s.width end
  sizes[#sizes + 1] = s.outputs
  return sizes
end

local styles = {}

-- One long Sequential.
function styles.sequential(s)
  local sizes, list = sizes_of(s), {}
  for i = 1, s.depth do
    list[#list + 1] = nn.Linear(sizes[i], sizes[i + 1])
    if s.norm then list[#list + 1] = nn.BatchNorm1d(sizes[i + 1]) end
    list[#list + 1] = layers_of[s.act]()
    if s.dropout then list[#list + 1] = nn.Dropout(s.dropout) end
  end
  list[#list + 1] = nn.Linear(sizes[#sizes - 1], sizes[#sizes])
  return nn.Sequential(table.unpack(list))
end

-- Blocks in a Sequential.
function styles.blocks(s)
  local sizes, list = sizes_of(s), {}
  for i = 1, s.depth do
    local block = {nn.Linear(sizes[i], sizes[i + 1])}
    if s.norm then block[#block + 1] = nn.BatchNorm1d(sizes[i + 1]) end
    block[#block + 1] = layers_of[s.act]()
    if s.dropout then block[#block + 1] = nn.Dropout(s.dropout) end
    list[i] = nn.Sequential(table.unpack(block))
  end
  list[#list + 1] = nn.Linear(sizes[#sizes - 1], sizes[#sizes])
  return nn.Sequential(table.unpack(list))
end

-- A class with lists of layers; the activation is a function in forward.
local Listed = nn.class("Listed")

function Listed:init(s)
  local sizes, linears, norms = sizes_of(s), {}, {}
  for i = 1, #sizes - 1 do linears[i] = nn.Linear(sizes[i], sizes[i + 1]) end
  for i = 1, s.norm and s.depth or 0 do norms[i] = nn.BatchNorm1d(sizes[i + 1]) end
  self.layers = nn.ModuleList(linears)
  self.norms = nn.ModuleList(norms)
  if s.dropout then self.drop = nn.Dropout(s.dropout) end
  self.act, self.dropout, self.normed = s.act, s.dropout or false, s.norm or false
end

function Listed:forward(x)
  for i = 1, #self.layers - 1 do
    x = self.layers[i](x)
    if self.normed then x = self.norms[i](x) end
    x = x[self.act](x)
    if self.dropout then x = self.drop(x) end
  end
  return self.layers[#self.layers](x)
end

function styles.listed(s) return Listed(s) end

-- fc1, fc2 and so on; dropout as a function that is told the mode.
local Named = nn.class("Named")

function Named:init(s)
  local sizes = sizes_of(s)
  for i = 1, #sizes - 1 do
    self["fc" .. i] = nn.Linear(sizes[i], sizes[i + 1])
    if s.norm and i <= s.depth then self["bn" .. i] = nn.BatchNorm1d(sizes[i + 1]) end
  end
  self.count, self.act = #sizes - 1, s.act
  self.rate, self.normed = s.dropout or false, s.norm or false
end

function Named:forward(x)
  for i = 1, self.count - 1 do
    local h = self["fc" .. i](x)
    if self.normed then h = self["bn" .. i](h) end
    x = tensor[self.act](h)
    if self.rate then x = x:dropout(self.rate, self.training) end
  end
  return self["fc" .. self.count](x)
end

function styles.named(s) return Named(s) end

-- Residual blocks between two linear layers: x + W2 act(W1 norm(x)).
local Skips = nn.class("Skips")

function Skips:init(s)
  self.first = nn.Linear(s.inputs, s.width)
  local ins, outs, norms = {}, {}, {}
  for i = 1, s.depth do
    ins[i], outs[i] = nn.Linear(s.width, s.width), nn.Linear(s.width, s.width)
    norms[i] = s.norm and nn.LayerNorm(s.width) or nn.Identity()
  end
  self.ins, self.outs = nn.ModuleList(ins), nn.ModuleList(outs)
  self.norms, self.top = nn.ModuleList(norms), s.norm and nn.LayerNorm(s.width) or nn.Identity()
  self.last = nn.Linear(s.width, s.outputs)
  self.act = s.act
end

function Skips:forward(x)
  x = self.first(x)
  for i = 1, #self.ins do
    local h = self.ins[i](self.norms[i](x))
    x = x + self.outs[i](h[self.act](h))
  end
  return self.last(self.top(x))
end

function styles.skips(s) return Skips(s) end

-- Two convolutions and a linear layer on pictures of 8 x 8.
local Conv = nn.class("Conv")

function Conv:init(s)
  local c = s.channels
  self.conv1 = nn.Conv2d(1, c, 3, {padding = 1})
  self.conv2 = nn.Conv2d(c, 2 * c, 3, {padding = 1})
  if s.norm then
    self.bn1 = nn.BatchNorm2d(c)
    self.bn2 = nn.BatchNorm2d(2 * c)
  end
  self.pool = nn.MaxPool2d(2)
  self.fc = nn.Linear(8 * c, 10)
  if s.dropout then self.drop = nn.Dropout(s.dropout) end
  self.act, self.normed, self.rate = s.act, s.norm or false, s.dropout or false
end

function Conv:forward(x)
  x = self.conv1(x)
  if self.normed then x = self.bn1(x) end
  x = self.pool(x[self.act](x))
  x = self.conv2(x)
  if self.normed then x = self.bn2(x) end
  x = self.pool(x[self.act](x)):reshape(x:size(1), -1)
  if self.rate then x = self.drop(x) end
  return self.fc(x)
end

function styles.conv(s)
  if chance(0.5) then return Conv(s) end
  local c, act = s.channels, layers_of[s.act]
  return nn.Sequential(nn.Conv2d(1, c, 3, {padding = 1}), act(), nn.MaxPool2d(2),
    nn.Conv2d(c, 2 * c, 3, {padding = 1}), act(), nn.MaxPool2d(2), nn.Flatten(),
    s.dropout and nn.Dropout(s.dropout) or nn.Identity(), nn.Linear(8 * c, 10))
end

local function matrices(net)
  local list = {}
  for _, p in ipairs(net:parameters()) do
    if p:dim() > 1 then list[#list + 1] = p end
  end
  return list
end

local function vectors(net)
  local list = {}
  for _, p in ipairs(net:parameters()) do
    if p:dim() == 1 then list[#list + 1] = p end
  end
  return list
end

-- All weights by a function, biases 0 (factors of norms are vectors, too: only for nets without).
local function fill(net, f)
  autograd.no_grad(function()
    for _, w in ipairs(matrices(net)) do f(w) end
    for _, b in ipairs(vectors(net)) do b:zero_() end
  end)
end

-- Optimisers and loops ----------------------------------------------------------------------------

local optimisers = {
  {"SGD", {lr = 0.1}}, {"SGD", {lr = 0.05}}, {"SGD", {lr = 0.02, momentum = 0.9}},
  {"SGD", {lr = 0.01, momentum = 0.9, nesterov = true}}, {"Adam", {lr = 1e-3}},
  {"Adam", {lr = 3e-3}}, {"AdamW", {lr = 2e-3}}, {"RMSprop", {lr = 1e-3}},
}
local careful = {{"Adam", {lr = 1e-3}}, {"SGD", {lr = 0.01, momentum = 0.9}},
  {"AdamW", {lr = 1e-3}}}

local function optimiser(net, entry)
  local given = {}
  for k, v in pairs(entry[2]) do given[k] = v end
  return optim[entry[1]](net:parameters(), given)
end

-- A training step and a measurement as students write them; c.forgets names what is left out.
local function loops(c)
  function c.step(x, y)
    if c.forgets == "train" then c.net:eval() elseif c.forgets ~= "modes" then c.net:train() end
    local loss = c.loss(c.net(x), y)
    c.opt:zero_grad()
    loss:backward()
    c.opt:step()
    return loss:item()
  end
  function c.evaluate(x, y)
    if not c.forgets or c.forgets == "train" then c.net:eval() end
    local out
    autograd.no_grad(function() out = c.net(x) end)
    if c.kind == "classes" then return metrics.accuracy(y, out) end
    return c.loss(out, y):item()
  end
end

-- Runs the student's loop; the losses of the steps.
local function train_by(c, epochs, batch)
  local losses = {}
  for _ = 1, epochs do
    for x, y in data.batches(c.data, batch or 32) do losses[#losses + 1] = c.step(x, y) end
  end
  return losses
end

-- Cases -------------------------------------------------------------------------------------------

local function shaped(t) -- pictures for convolutions
  for _, part in ipairs {t.train, t.valid} do part.x = part.x:reshape(-1, 1, 8, 8) end
end

-- A case that nothing is wrong with yet. s overrides what is drawn: task, style, depth, width, act,
-- norm, dropout, start (how weights begin), optimisers.
local function case(s)
  s = s or {}
  local style = s.style or pick {"sequential", "blocks", "listed", "named", "conv"}
  if s.task and s.task ~= "digits" and style == "conv" then style = "listed" end
  local name = style == "conv" and "digits" or s.task or pick(any)
  local t = tasks[name](s.samples)
  if style == "conv" then shaped(t) end
  local spec = {inputs = t.inputs, outputs = t.outputs, depth = s.depth or between(1, 3),
    width = s.width or pick {24, 32, 50, 64, 100, 128}, channels = pick {6, 8, 12},
    act = s.act or pick {"relu", "relu", "tanh", "gelu", "leaky_relu", "silu"}, norm = s.norm,
    dropout = s.dropout}
  local c = {style = style, task = name, spec = spec, net = styles[style](spec), data = t.train,
    valid = t.valid, loss = t.loss, kind = t.kind, outputs = t.outputs}
  if s.start then fill(c.net, s.start) end
  c.opt = optimiser(c.net, pick(s.optimisers or style == "conv" and careful or optimisers))
  loops(c)
  return c
end

local function kaiming(w) nn.init.kaiming_normal_(w, {nonlinearity = "relu"}) end
local function xavier(w) nn.init.xavier_uniform_(w) end
local function normal(std) return function(w) nn.init.normal_(w, 0, std) end end

-- By fault, a list of ways in which it comes about.
local ways = {}

ways.none = {
  function() return case() end,
  function() return case {dropout = 0.2, width = pick {64, 128}} end,
  function() return case {style = "conv", optimisers = careful} end,
  function()
    return case {style = pick {"sequential", "listed", "named"}, depth = between(5, 12),
      act = "relu",
      start = kaiming, width = pick {64, 128}, optimisers = careful}
  end,
  function()
    return case {style = pick {"blocks", "listed"}, depth = between(4, 8), act = "tanh",
      start = xavier,
      width = pick {64, 100}, optimisers = careful}
  end,
  function()
    return case {style = pick {"sequential", "listed", "named"}, depth = between(4, 9), norm = true,
      act = "relu", width = 64, optimisers = careful}
  end,
  function()
    return case {style = "skips", depth = between(6, 14), norm = true, act = pick {"relu", "gelu"},
      width = 48, optimisers = careful}
  end,
  function() -- trained, with the losses; far from the last word
    local c = case {task = pick {"digits", "moons", "curve", "plane"}}
    c.history = train_by(c, 4)
    return c
  end,
  function() -- trained by the library
    local c = case {task = pick {"digits", "blobs", "clouds", "plane"}, style = "listed",
      dropout = 0.1}
    c.history = train.fit(c.net, {data = c.data, valid = c.valid, loss = c.loss, opt = c.opt,
      epochs = 5, progress = "none"})
    return c
  end,
}

ways.vanishing = {
  function()
    return case {style = pick {"sequential", "listed", "named", "blocks"}, depth = between(9, 16),
      act = pick {"relu", "relu", "leaky_relu"}, optimisers = careful}
  end,
  function()
    return case {style = pick {"sequential", "listed", "named"}, depth = between(6, 10),
      act = "tanh",
      start = normal(pick {0.01, 0.02, 0.03}), optimisers = careful, width = pick {50, 64}}
  end,
  function()
    return case {style = pick {"blocks", "listed", "named"}, depth = between(7, 12),
      act = "sigmoid",
      start = chance(0.5) and xavier or nil, optimisers = careful}
  end,
}

ways.exploding = {
  function()
    return case {style = pick {"sequential", "listed", "named"}, depth = between(6, 10),
      act = pick {"relu", "leaky_relu"}, width = pick {64, 128}, start = normal(pick {0.4, 0.6}),
      optimisers = careful}
  end,
  function()
    return case {style = pick {"blocks", "named"}, depth = between(4, 7),
      act = pick {"relu", "gelu"},
      start = normal(1), width = pick {50, 100}, optimisers = careful}
  end,
  function()
    return case {style = "skips", depth = between(24, 36), act = "relu", start = kaiming,
      width = 48,
      optimisers = careful}
  end,
}

ways.dead = {
  function() -- a bias far below 0 in one hidden layer, for most of its units
    local c = case {style = pick {"sequential", "listed", "named"}, depth = between(2, 3),
      act = "relu",
      start = kaiming}
    autograd.no_grad(function()
      local b = vectors(c.net)[between(1, c.spec.depth)]
      b[{{1, math.floor(b:size(1) * pick {0.8, 0.9, 1})}}] = -30
    end)
    return c
  end,
  function() -- negative weights where no input is negative
    local c = case {task = "digits", style = pick {"sequential", "listed", "named"}, act = "relu",
      depth = 2, start = kaiming}
    autograd.no_grad(function() matrices(c.net)[1]:uniform_(-0.2, 0) end)
    return c
  end,
}

ways.saturated = {
  function()
    return case {style = pick {"sequential", "listed", "named"}, depth = between(2, 4),
      act = pick {"tanh", "sigmoid"}, start = normal(pick {1.5, 2, 3}), width = pick {64, 128}}
  end,
  function()
    local c = case {style = pick {"sequential", "named"}, depth = 2, act = pick {"tanh", "sigmoid"},
      start = xavier}
    autograd.no_grad(function()
      local b = vectors(c.net)[between(1, 2)]
      b:copy_(tensor.randn(b:size(1)):sign() * 12)
    end)
    return c
  end,
}

ways.symmetric = {
  function()
    local v = pick {0.02, 0.05, 0.1}
    return case {style = pick {"sequential", "listed", "named"}, depth = between(1, 2),
      start = function(w) w:fill_(v) end}
  end,
  function() -- all zero
    return case {style = pick {"sequential", "listed"}, depth = between(1, 2),
      act = pick {"relu", "tanh"}, start = function(w) w:zero_() end}
  end,
  function() -- equal, and trained for a while: they stay equal
    local c = case {style = "named", depth = 1, act = "tanh", start = function(w) w:fill_(0.1) end,
      task = pick {"iris", "moons", "digits"}}
    c.history = train_by(c, 3)
    return c
  end,
}

local fast = {{"SGD", {lr = 50}}, {"SGD", {lr = 5, momentum = 0.9}}, {"Adam", {lr = 1}},
  {"AdamW", {lr = 2}}, {"RMSprop", {lr = 0.5}}}
local shallow = {"sequential", "listed", "named"}
local steep = {"digits", "iris", "wine", "spirals", "plane", "diabetes"}

ways.rate_high = {
  function()
    return case {task = pick(steep), style = pick(shallow), depth = between(1, 3),
      optimisers = fast}
  end,
  function()
    local c = case {task = pick(steep), style = pick(shallow), depth = between(1, 3),
      optimisers = fast, act = pick {"tanh", "gelu", "leaky_relu"}}
    local losses = train_by(c, 3)
    c.history = table.move(losses, 1, math.min(40, #losses), 1, {})
    return c
  end,
}

local slow = {{"SGD", {lr = 1e-6}}, {"SGD", {lr = 1e-5, momentum = 0.9}}, {"Adam", {lr = 1e-7}},
  {"AdamW", {lr = 3e-7}}}

ways.rate_low = {
  function() return case {depth = between(1, 2), optimisers = slow} end,
  function()
    local c = case {depth = between(1, 2), optimisers = slow}
    c.history = train_by(c, 3)
    return c
  end,
}

local function slowed()
  local c = case {depth = between(1, 3)}
  local factor = 10 ^ (1 + 0.477 * math.random())
  for _, g in ipairs(c.opt.param_groups) do g.lr = g.lr / factor end
  return c
end

-- By only 10 to 30 times; graded apart from the others.
ways.rate_slow = {
  slowed,
  function()
    local c = slowed()
    c.history = train_by(c, 3)
    return c
  end,
}

ways.raw_data = {
  function() -- measured values as they come
    local set = data.wine()
    local c = case {task = "wine", style = pick(shallow)}
    c.data, c.valid = data.split({x = set.x, y = set.y}, 0.25)
    return c
  end,
  function() -- pictures from 0 to 255
    local c = case {task = "digits", style = pick {"sequential", "listed", "conv"}}
    c.data.x, c.valid.x = c.data.x * 255, c.valid.x * 255
    return c
  end,
  function() -- far from 0
    local c = case {task = pick {"plane", "diabetes"}, style = pick(shallow)}
    local far = pick {100, 1000}
    c.data.x, c.valid.x = c.data.x * 10 + far, c.valid.x * 10 + far
    return c
  end,
}

ways.bias = {
  function() -- a rare second class
    local c = case {task = "clouds", style = pick(shallow), depth = between(1, 2)}
    local set = binary(data.unbalanced(1000, {share = pick {0.02, 0.04}}))
    c.data, c.valid = set.train, set.valid
    return c
  end,
  function() -- nine of ten pictures show the same digit
    local c = case {task = "digits", style = pick(shallow), depth = between(1, 2)}
    local set, keep = data.digits(), {}
    for i = 1, 1797 do
      if set.y[i]:item() == 1 or #keep % 20 == 0 then keep[#keep + 1] = i end
      if set.y[i]:item() ~= 1 and i % 60 == 0 then keep[#keep + 1] = i end
    end
    local few = data.subset(set, keep)
    c.data, c.valid = data.split({x = few.x / 16, y = few.y}, 0.25)
    return c
  end,
}

-- Nets that differ between the modes; the loop forgets one.
local function with_modes(forgets)
  local c
  if chance(0.5) then
    c = case {dropout = pick {0.3, 0.5}, width = 64}
  else
    c = case {style = pick(shallow), norm = true, width = 64, depth = between(1, 3)}
  end
  c.forgets = forgets
  return c
end

ways.mode = {
  function() return with_modes "eval" end, -- measures in training mode
  function() return with_modes "train" end, -- trains in eval mode
  function() -- never calls either, after an eval() that came first
    local c = with_modes "modes"
    c.net:eval()
    return c
  end,
}

local function memorise(c, batch)
  c.opt = optim.Adam(c.net:parameters(), {lr = 3e-3})
  c.history = train_by(c, 150, batch)
  return c
end

ways.overfit = {
  function() -- few pictures, a third of them with a wrong label
    local c = case {task = "digits", samples = 80, style = pick(shallow), width = 128, depth = 2}
    local n = c.data.y:size(1)
    c.data.y[{{1, n // 3}}] = tensor.randint(1, 10, {n // 3})
    return memorise(c, 16)
  end,
  function() -- a narrow task with much noise
    local c = case {task = "diabetes", style = pick(shallow), width = 128, depth = 2}
    local few = tensor.arange(1, 60):totable()
    c.data = data.subset(c.data, few)
    c.data = {x = c.data.x, y = c.data.y}
    return memorise(c, 20)
  end,
  function()
    local c = case {task = "moons", style = pick(shallow), width = 128, depth = 3, act = "relu"}
    local set = binary(data.moons(80, {noise = 0.5}))
    c.data, c.valid = set.train, set.valid
    return memorise(c, 20)
  end,
}

-- A net of one's own around another one, with an operation that is not for every number.
local Wrapped = nn.class("Wrapped")
function Wrapped:init(inner, before, after)
  self.inner = inner
  self.before, self.after = before or false, after or false
end
function Wrapped:forward(x)
  if self.before then x = self.before(x) end
  x = self.inner(x)
  return self.after and self.after(x) or x
end

local function wrapped(c, before, after)
  c.net = Wrapped(c.net, before, after)
  c.opt = optimiser(c.net, pick(careful))
  return c
end

ways.nan = {
  function() -- the root of what may be negative
    return wrapped(case {task = pick {"iris", "plane", "moons"}, style = pick(shallow)},
      function(x) return x:sqrt() end)
  end,
  function() -- a column that never changes has standard deviation 0
    return wrapped(case {task = "digits", style = pick(shallow)},
      function(x) return (x - x:mean(1)) / x:std(1) end)
  end,
  function() -- the logarithm of the output
    return wrapped(case {task = pick {"digits", "iris", "blobs"}, style = pick(shallow)}, nil,
      function(x) return x:log() end)
  end,
  function() -- missing values
    local c = case {task = pick {"wine", "diabetes", "iris", "plane"}, style = pick(shallow)}
    for _ = 1, between(1, 6) do
      c.data.x[between(1, c.data.x:size(1))][between(1, c.data.x:size(2))] = 0 / 0
    end
    return c
  end,
  function() -- a missing target
    local c = case {task = pick {"diabetes", "plane"}, style = pick(shallow)}
    c.data.y[between(1, c.data.y:size(1))] = 0 / 0
    return c
  end,
}

-- Of 40 seeds in a row, 12 healthy and 28 with a fault.
local plan = {none = 12, vanishing = 3, exploding = 3, dead = 2, saturated = 2, symmetric = 2,
  rate_high = 3, rate_low = 2, raw_data = 2, bias = 2, mode = 3, overfit = 2, nan = 2}
local names = {}
for name in pairs(plan) do names[#names + 1] = name end
table.sort(names)
local kinds = {}
for _, name in ipairs(names) do
  for _ = 1, plan[name] do kinds[#kinds + 1] = name end
end

-- What a student would hand over: the loss unless it goes without saying, and as much of the loop
-- as the fault needs to be seen at all.
local function clues(c)
  local usual = c.kind ~= "binary"
  local given = {opt = c.opt, history = c.history}
  if not usual or chance(0.7) then given.loss = c.loss end
  if chance(0.6) or c.truth == "overfit" then given.valid = c.valid end
  if chance(0.6) or c.truth == "mode" then given.step, given.evaluate = c.step, c.evaluate end
  if chance(0.1) and not given.step and not c.history and not c.truth:find "rate" then
    given.opt = nil
  end
  return given
end

local function draw(seed, given)
  math.randomseed(seed)
  gradus.seed(seed)
  local truth = given == true and "none" or given or kinds[(seed - 1) % 40 + 1]
  local way = between(1, #ways[truth])
  local c = ways[truth][way]()
  c.truth, c.seed, c.way = truth, seed, way
  c.clues = clues(c)
  return c
end

local function described(c)
  return ("%d %s (way %d): %s on %s, %d of %d, %s%s%s, clues %s"):format(c.seed, c.truth, c.way,
    c.style, c.task, c.spec.depth, c.spec.width, c.spec.act, c.spec.norm and ", norm" or "",
    c.spec.dropout and ", dropout" or "", (function()
      local list = {}
      for k in pairs(c.clues) do list[#list + 1] = k end
      table.sort(list)
      return table.concat(list, " ")
    end)())
end

-- Without why: what 150 steps make of the loss.
local function check(first, last, healthy)
  for seed = first, last do
    local c = draw(seed, healthy)
    local function level(set)
      c.net:eval()
      return autograd.no_grad(function() return c.loss(c.net(set.x), set.y):item() end)
    end
    local before, valid, steps = level(c.data), level(c.valid), 0
    while steps < 150 do
      for x, y in data.batches(c.data, 32) do
        c.step(x, y)
        steps = steps + 1
      end
    end
    print(("%s: loss %.3g, held out %.3g; then %.3g, %.3g"):format(described(c), before, valid,
      level(c.data), level(c.valid)))
  end
end

-- Grading -----------------------------------------------------------------------------------------

local grade = dofile(arg[0]:match("^(.*)/experiments/") .. "/grade.lua")

local function show(results)
  for _, r in ipairs(results) do
    print((r.said == r.truth and "right  " or "WRONG  ") .. described(r.case))
    print((("  says " .. tostring(r.answer)):gsub("\n", "\n  ")))
  end
end

nn.quiet()

if arg[1] == "check" then
  local first = math.tointeger(tonumber(arg[2] or 1001))
  check(first, math.tointeger(tonumber(arg[3] or first)), arg[4] == "healthy")
elseif arg[1] == "dev" or tonumber(arg[1]) then
  local first = math.tointeger(tonumber(arg[1]) or 1001)
  local last = math.tointeger(tonumber(arg[2]) or (arg[1] == "dev" and 1040 or first))
  local results = grade.ask(draw, first, last, arg[3] == "healthy" and true or arg[3])
  show(results)
  print(grade.matrix(results))
  print(("%d of %d right"):format(grade.share(results)))
else
  local far = math.tointeger(tonumber(arg[2] or 0))
  local results, healthy = grade.ask(draw, far + 4001, far + 4040), grade.ask(draw, far + 4041, far + 4060, true)
  local sluggish = grade.ask(draw, far + 5001, far + 5040, "rate_slow")
  local more = grade.ask(draw, far + 5041, far + 5080, true)
  local text = grade.text(results, healthy, sluggish, more)
  if arg[1] then
    grade.write(arg[1], text)
    print(text)
  end
  -- expect: true
  print(grade.share(results) >= 36 or text)
  local fine, _, alarms = grade.share(healthy)
  -- expect: true
  print(fine == 20 or alarms)
  local low, sound = grade.rates(sluggish), grade.rates(more)
  -- expect: true
  print(low.rate_low >= 22 and low.rate_low + low.hint >= 34 or text)
  -- expect: true
  print(sound.rate_low == 0 and sound.other <= 1 or text)
end
