-- SPDX-License-Identifier: GPL-3.0-or-later
-- nn.watch: numbers about each layer while a net trains, for plots and lessons.
local core = require("gradus.core")
local describe = require("gradus.nn.describe")
local measure = require("gradus.nn.measure")
local options = require("gradus.options")

local Watch = {__name = "watch"}
Watch.__index = Watch
require("gradus.strict").class(Watch, "watches")

local function add_layer(self, name, path, module)
  local layer = {name = name, path = path, kind = module:kind(), module = module, steps = {}}
  self.layers[#self.layers + 1] = layer
  self.by_name[name] = layer
  self.by_name[path] = layer
end

local function attach(self, layer)
  self._hooks[#self._hooks + 1] = layer.module:register_forward_hook(function(m, _, y)
    if not core.is_tensor(y) or not m.training then return end
    local row = measure.output(layer.kind, y:detach())
    row.step, layer.current = self.step_count, row
    if y.requires_grad then y:register_hook(function(g) row.gradient_std = measure.std(g) end) end
  end)
end

-- Hooks are there at the steps that are recorded only: the others cost nothing.
local function listen(self)
  local wanted = self.step_count % self.every == 0
  if wanted and #self._hooks == 0 then
    for _, layer in ipairs(self.layers) do attach(self, layer) end
  elseif not wanted and #self._hooks > 0 then
    for _, hook in ipairs(self._hooks) do hook:remove() end
    self._hooks = {}
  end
end

--- nn.watch(net: Module, {optimizer: Optimizer, every: integer = 1}) -> watch
--- Records numbers about each layer at each step: the outputs' mean, std, saturated share (tanh,
--- sigmoid) and dead share (units that are 0 for the whole batch), the std of the gradient, and with
--- an optimiser how far a step moved each weight: |update| / |weight|, about 1e-3 where all is well.
--- Call watch:step() after each step (an optimiser given here does so by itself); `every` = 10 looks at
--- every tenth. watch:layer(name).steps holds the rows; print(watch) shows the last ones; plot.depth,
--- plot.activations, plot.gradients and plot.updates draw them; watch:stop() ends it.
---
--- Each output and its gradient are read once more (a rectifier's output three times), of a large weight
--- an evenly spread part: 6 to 8 % of a step of 784-256-10 with batches of 128, once or twice the step itself
--- where layers are tiny. With `every` = 10 it is 1 %, or a fifth to a third.
--- > net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
--- > w = nn.watch(net)
--- > net(tensor.ones(3, 4)):sum():backward()
--- > w:step()
--- > #w:layer("[2]").steps, w:layer("[3]").steps[1].gradient_std
--- 1	0.0
--- > w:stop()
local function watch(net, given)
  local o = options.read("nn.watch", given, {every = 1}, {"optimizer"})
  local self = setmetatable({net = net, layers = {}, by_name = {}, every = o.every, step_count = 0,
    _hooks = {}, _before = false}, Watch)
  local paths = describe.paths(net)
  for name, module in net:named_modules() do
    if #module:children() == 0 then add_layer(self, name, paths[name], module) end
  end
  if o.optimizer then self:_follow(o.optimizer) end
  listen(self)
  return self
end

local function weights_before(self)
  local before = {}
  for _, layer in ipairs(self.layers) do
    local w = rawget(layer.module, "weight")
    if w then before[layer] = measure.sample(w) end
  end
  return before
end

local function record_updates(self, before)
  for _, layer in ipairs(self.layers) do
    local old, row = before[layer], layer.current
    if old and row then row.update_ratio = measure.ratio(old, measure.sample(layer.module.weight)) end
  end
end

-- Steps of the optimiser count by themselves.
function Watch:_follow(optimizer)
  local original = optimizer.step
  self._optimizer = optimizer
  optimizer.step = function(opt, ...)
    local before = self.step_count % self.every == 0 and weights_before(self)
    local result = original(opt, ...)
    if before then record_updates(self, before) end
    self:step()
    return result
  end
end

--- watch:step()
--- Ends a step: what the layers did becomes a row of their record.
function Watch:step()
  for _, layer in ipairs(self.layers) do
    if layer.current then
      layer.steps[#layer.steps + 1] = layer.current
      layer.current = nil
    end
  end
  self.step_count = self.step_count + 1
  listen(self)
end

--- watch:layer(name: string|integer) -> {name, path, kind, steps}
--- The record of one layer by its path in the net, such as "[1]", its saved name or its number.
function Watch:layer(name)
  return self.by_name[name] or self.layers[name]
end

--- watch:stop()
--- Takes all hooks off; the record stays.
function Watch:stop()
  self.every = math.huge
  for _, hook in ipairs(self._hooks) do hook:remove() end
  self._hooks = {}
  if self._optimizer then self._optimizer.step, self._optimizer = nil, nil end
end

local function show(v)
  return v and ("%.3g"):format(v) or "-"
end

function Watch:__tostring()
  local lines = {("%-16s %-12s %9s %9s %9s %6s %12s %9s"):format("layer", "kind", "mean", "std",
    "saturated", "dead", "gradient std", "update")}
  for _, layer in ipairs(self.layers) do
    local r = layer.steps[#layer.steps] or {}
    lines[#lines + 1] = ("%-16s %-12s %9s %9s %9s %6s %12s %9s"):format(layer.path, layer.kind,
      show(r.mean), show(r.std), show(r.saturated), show(r.dead), show(r.gradient_std),
      show(r.update_ratio))
  end
  return table.concat(lines, "\n")
end

return watch
