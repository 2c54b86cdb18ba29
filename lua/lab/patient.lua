-- SPDX-License-Identifier: GPL-3.0-or-later
-- Nets with one hidden fault each, or none, drawn by seed: for practice in finding it, and to grade
-- lab.why by.

local core = require("gradus.core")
local options = require("gradus.options")
local autograd, data = require("gradus.autograd"), require("gradus.data")
local nn, optim = require("gradus.nn"), require("gradus.optim")

local M = {}

-- How often nothing is wrong.
local HEALTHY = 0.25

-- All that can be wrong, and that nothing is.
local faults = {
  "none", "vanishing", "exploding", "dead", "saturated", "symmetric", "rate_high", "rate_low",
  "raw_data", "bias", "mode", "overfit", "nan", "zero_grad", "softmax_twice", "left_out",
}

local function uniform(low, high) return low + (high - low) * core.rand({1}):item() end
local function between(low, high) return math.floor(uniform(low, high + 1 - 1e-6)) end
local function chance(p) return core.rand({1}):item() < p end
local function pick(list) return list[between(1, #list)] end

-- --- data -------------------------------------------------------------------------------------

local sources = {
  moons = function(n) return data.moons(n, {noise = uniform(0.05, 0.2)}) end,
  circles = function(n) return data.circles(n, {noise = 0.08}) end,
  spirals = function(n) return data.spirals(n, {classes = 3}) end,
  blobs = function(n) return data.blobs(n, {classes = between(2, 5)}) end,
  gaussians = function(n) return data.gaussians(n) end,
  sine = function(n) return data.sine(n) end,
  digits = function(n) return (data.split(data.digits(), {n / 1797, 1 - n / 1797})) end,
}
local names = {"moons", "circles", "spirals", "blobs", "gaussians", "sine", "digits"}

local function normalise(name, set)
  local scaled = {}
  for k, v in pairs(set) do scaled[k] = v end
  scaled.x = name == "digits" and set.x / 16 or data.Standardize():fit(set.x):apply(set.x)
  return setmetatable(scaled, getmetatable(set))
end

-- Training and validation data; `small`: few samples with noise in the labels.
local function draw_data(fault)
  if fault == "bias" then
    local set = data.unbalanced(between(400, 800), {share = uniform(0.03, 0.08)})
    return data.split(normalise("unbalanced", set), {0.75, 0.25}, {stratify = true})
  end
  local name = fault == "overfit" and pick({"moons", "gaussians"}) or
    fault == "softmax_twice" and pick({"moons", "spirals", "blobs", "digits"}) or pick(names)
  local set = sources[name](fault == "overfit" and 240 or between(300, 700))
  if fault == "overfit" then
    local flip = core.rand(set.y:size()):lt(0.25)
    set.y = core.where(flip, 3 - set.y, set.y)
  end
  if fault ~= "raw_data" then set = normalise(name, set) end
  return data.split(set, fault == "overfit" and {0.12, 0.88} or {0.75, 0.25})
end

-- Whole numbers on a scale of their own: far from 0, or much wider than 1.
local function spoil_data(train, valid)
  local k = between(1, 3)
  local columns = train.x:size(2)
  local factor = core.ones({columns}) * (k == 1 and uniform(30, 300) or 1)
  if k == 2 then factor[between(1, columns)] = uniform(200, 2000) end
  local shift = k == 3 and uniform(30, 100) or 0
  for _, set in ipairs {train, valid} do set.x = set.x * factor + shift end
end

-- --- nets -------------------------------------------------------------------------------------

local activations = {relu = function() return nn.ReLU() end, tanh = function() return nn.Tanh() end,
  leaky_relu = function() return nn.LeakyReLU(0.1) end}

local plans = {
  vanishing = function() return {depth = between(8, 14), norm = false} end,
  exploding = function() return {depth = between(5, 9), norm = false, act = pick({"relu", "leaky_relu"})} end,
  dead = function() return {act = "relu", norm = false} end,
  saturated = function() return {act = "tanh", norm = false, width = pick({32, 64, 128})} end,
  symmetric = function() return {norm = false} end,
  mode = function() return {norm = chance(0.5), dropout = uniform(0.2, 0.5)} end,
  bias = function() return {norm = false, depth = between(1, 3)} end,
  raw_data = function() return {norm = false} end,
  overfit = function() return {width = 128, depth = 2, norm = false, dropout = 0} end,
}

local function draw_plan(fault)
  local p = plans[fault] and plans[fault]() or {}
  p.depth = p.depth or between(1, 6)
  p.width = p.width or pick({16, 32, 64, 128})
  p.act = p.act or pick({"relu", "tanh", "leaky_relu"})
  if p.norm == nil then p.norm = chance(0.3) end
  p.dropout = p.dropout or chance(0.25) and uniform(0.1, 0.3) or 0
  return p
end

local function build(p, inputs, outputs)
  local layers, from = {}, inputs
  for _ = 1, p.depth do
    layers[#layers + 1] = nn.Linear(from, p.width)
    if p.norm then layers[#layers + 1] = nn.BatchNorm1d(p.width) end
    layers[#layers + 1] = activations[p.act]()
    if p.dropout > 0 then layers[#layers + 1] = nn.Dropout(p.dropout) end
    from = p.width
  end
  layers[#layers + 1] = nn.Linear(from, outputs)
  local net = nn.Sequential(table.unpack(layers))
  if p.act == "tanh" then
    nn.init.apply(net, "xavier_normal", {gain = p.depth > 3 and 5 / 3 or 1})
  else
    nn.init.apply(net, "kaiming_normal", {nonlinearity = "relu"})
  end
  return net
end

local function linears(net)
  local list = {}
  for _, m in ipairs(net:modules()) do if m:kind() == "Linear" then list[#list + 1] = m end end
  return list
end

-- --- faults of the weights --------------------------------------------------------------------

local spoil = {}

function spoil.vanishing(net)
  if chance(0.5) then
    for _, m in ipairs(linears(net)) do -- Linear's default
      local bound = 1 / math.sqrt(m.weight:size(2))
      nn.init.uniform_(m.weight, -bound, bound)
    end
  else
    nn.init.apply(net, function(w) nn.init.normal_(w, 0, uniform(0.3, 0.5) / math.sqrt(w:size(2))) end)
  end
end

function spoil.exploding(net)
  local wide = chance(0.5)
  local factor = uniform(2.5, 4)
  nn.init.apply(net, function(w)
    nn.init.normal_(w, 0, wide and 1 or factor * math.sqrt(2 / w:size(2)))
  end)
end

function spoil.dead(net)
  local list = linears(net)
  local hit = list[between(1, #list - 1)]
  nn.init.constant_(hit.bias, -uniform(8, 20))
end

function spoil.saturated(net)
  local scale = uniform(1, 2)
  nn.init.apply(net, function(w) nn.init.normal_(w, 0, w:size(2) < 16 and 4 * scale or scale) end)
end

function spoil.symmetric(net)
  local value = uniform(0.05, 0.5)
  for _, m in ipairs(linears(net)) do
    nn.init.constant_(m.weight, value)
    nn.init.constant_(m.bias, 0)
  end
end

-- A logarithm or a root that meets what it should not, or one NaN among the data.
function spoil.nan(net, train)
  local k = between(1, 3)
  if k == 3 then
    train.x = train.x:clone()
    train.x[between(1, 40)][1] = 0 / 0
    return net
  end
  local children = net:children()
  local bad = nn.Lambda(k == 1 and function(x) return x:log() end or function(x) return x:sqrt() end)
  local places = {} -- behind a linear layer, where half of the numbers are below 0
  for i, m in ipairs(children) do if m:kind() == "Linear" then places[#places + 1] = i + 1 end end
  table.insert(children, pick(places), bad)
  return nn.Sequential(table.unpack(children))
end

function spoil.softmax_twice(net)
  local children = net:children()
  children[#children + 1] = nn.Softmax()
  return nn.Sequential(table.unpack(children))
end

-- --- the loop -----------------------------------------------------------------------------------

-- Rates at which such nets learn well; the squared error needs smaller ones.
local function draw_optimiser(params, fault, loss, slow)
  if fault == "overfit" then return optim.Adam(params, {lr = uniform(0.005, 0.01)}) end
  local factor = fault == "rate_low" and math.exp(-uniform(math.log(slow[1]), math.log(slow[2]))) or
    fault == "rate_high" and uniform(300, 1000) or 1
  local k = between(1, 3)
  if k < 3 and loss:kind() == "MSELoss" then factor = factor / 5 end
  if k == 1 then return optim.SGD(params, {lr = uniform(0.03, 0.1) * factor}) end
  if k == 2 then return optim.SGD(params, {lr = uniform(0.005, 0.02) * factor, momentum = 0.9}) end
  return optim.Adam(params, {lr = uniform(0.002, 0.01) * factor})
end

local function loop(p, fault)
  local net, opt, loss = p.net, p.opt, p.loss
  function p.step(x, y)
    if fault ~= "mode" or not p.forgets_train then net:train() else net:eval() end
    local value = loss(net(x), y)
    if fault ~= "zero_grad" then opt:zero_grad() end
    value:backward()
    opt:step()
    return value:item()
  end
  function p.evaluate(x, y)
    if fault == "mode" and not p.forgets_train then net:train() else net:eval() end
    return autograd.no_grad(function() return loss(net(x), y):item() end)
  end
end

-- Some steps with a record, as train.fit makes it.
local function train_for(p, epochs)
  local history = {steps = {}, train = {}, valid = {}}
  for e = 1, epochs do
    local sum, n = 0, 0
    for x, y in data.batches(p.data, 32, {drop_last = p.data.x:size(1) % 32 == 1}) do -- for batch norm
      local value = p.step(x, y)
      history.steps[#history.steps + 1] = value
      sum, n = sum + value, n + 1
      if value ~= value then break end
    end
    history.train[e], history.valid[e] = sum / n, p.evaluate(p.valid.x, p.valid.y)
    if sum ~= sum then break end
  end
  return history
end

local epochs = {overfit = function() return 300 end, rate_high = function() return between(0, 2) end,
  rate_low = function() return pick({0, 3}) end, none = function() return pick({0, 2, 6}) end,
  mode = function() return pick({0, 3}) end, zero_grad = function() return 0 end}

local function outputs_of(set)
  if set.y:dim() ~= 1 then return set.y:size(2), nn.MSELoss() end
  return math.tointeger(set.y:max():item()), nn.CrossEntropyLoss()
end

local function draw(fault, slow)
  local p = {fault = fault}
  p.data, p.valid = draw_data(fault)
  if fault == "raw_data" then spoil_data(p.data, p.valid) end
  local outputs, loss = outputs_of(p.data)
  p.plan, p.loss = draw_plan(fault), loss
  p.net = build(p.plan, p.data.x:size(2), outputs)
  if spoil[fault] then p.net = spoil[fault](p.net, p.data) or p.net end
  local params = p.net:parameters()
  if fault == "left_out" then params = table.move(params, #params - 1, #params, 1, {}) end
  p.opt, p.forgets_train = draw_optimiser(params, fault, loss, slow), chance(0.5)
  loop(p, fault)
  local n = epochs[fault] and epochs[fault]() or 0
  if n > 0 then p.history = train_for(p, n) end
  p.clues = {loss = p.loss, opt = p.opt, history = p.history, valid = p.valid, step = p.step,
    evaluate = p.evaluate}
  return p
end

--- lab.patient(seed: integer, {fault: string?, slow: {number, number} = {1000, 10000}}) -> patient
--- Draws a net with its data and training loop, and with one fault in it, or none. Everything about it
--- comes from the seed: the data, depth, width, activation, optimiser, rate, and the fault.
---
--- Fields: net, data, valid, loss, opt, step(x, y), evaluate(x, y), history where it has been trained;
--- clues, all that why takes; and fault: look at it last. `fault` asks for one: none, vanishing, exploding, dead, saturated, symmetric,
--- rate_high, rate_low, raw_data, bias, mode, overfit, nan, zero_grad, softmax_twice, left_out. `slow`: between how many
--- times and how many times a rate that is too low is too low.
--- > p = lab.patient(7, {fault = "symmetric"})
--- > why(p.net, p.data, p.clues).fault
--- symmetric
function M.patient(seed, given)
  local o = options.read("lab.patient", given, {slow = {1000, 10000}}, {"fault"})
  if math.type(seed) ~= "integer" then
    error("lab.patient: expected a whole number, the seed; got " .. tostring(seed), 2)
  end
  local slow = o.slow
  if type(slow) ~= "table" or not (tonumber(slow[1]) and tonumber(slow[2]) and slow[1] >= 1 and slow[2] >= slow[1]) then
    error("lab.patient: slow is a list of two numbers, {10, 30}: a rate from 10 to 30 times too low", 2)
  end
  local known = {}
  for i, name in ipairs(faults) do known[name] = i end
  if o.fault and not known[o.fault] then
    local near = options.nearest(tostring(o.fault), faults)
    error(("lab.patient: no fault '%s'.%s Known: %s"):format(tostring(o.fault),
      near and (" Did you mean '%s'?"):format(near) or "", table.concat(faults, ", ")), 2)
  end
  return require("gradus.seeded").run(seed, function()
    return require("gradus.notice").hush(draw, o.fault or chance(HEALTHY) and "none" or pick(faults), o.slow)
  end)
end

return M
