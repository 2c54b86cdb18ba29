-- SPDX-License-Identifier: GPL-3.0-or-later
-- The base of all optimisers: groups of parameters and steps.
--
-- A class has `defaults` (its options) and either a rule of the engine, which does a whole step in one
-- call, or `update(self, p, g, state, group)`, which changes one parameter in place in Lua.

local by_hand = require("gradus.optim.by_hand")
local core = require("gradus.core")
local zero = core.update.zero
local groups_of = require("gradus.optim.groups")
local remarks = require("gradus.optim.remarks")

--- optim.Optimizer(params: {tensor, ...}, {lr: number = 1e-3}) -> Optimizer
--- What every optimiser is: the base class. optim.class makes a class of one's own from it. An
--- optimiser has step(), zero_grad(), param_groups, state and state_dict().
--- > optim.Optimizer:extend("Mine")
--- optim.class("Mine")
local M = {__name = "Optimizer", defaults = {lr = 1e-3}}
M.__index = M
require("gradus.strict").class(M, "optimisers")

local function construct(class, params, given)
  local self = setmetatable({param_groups = {}, state = {}}, class)
  self._options = groups_of.read_options(self, given)
  for _, group in ipairs(groups_of.list(self, params)) do groups_of.add(self, group) end
  self:init()
  return self
end

--- Optimizer:init()
--- Called once when an optimiser has been made; a class may prepare itself here.
function M:init() end

-- Called for each group that was added; a class may prepare its state here.
function M:_init_group() end

--- Optimizer:add_param_group(group: {params: {tensor, ...}, ...})
--- Adds parameters with options of their own; what is not given is the optimiser's.
--- > a, b = nn.Linear(2, 2), nn.Linear(2, 2)
--- > opt = optim.SGD({{params = a:parameters()}, {params = b:parameters(), lr = 0.01}}, {lr = 0.1})
--- > opt.param_groups[2].lr
--- 0.01
function M:add_param_group(group) groups_of.add(self, group) end

--- Optimizer:zero_grad()
--- Sets the gradients of all its parameters to zero. backward() adds to gradients, so this comes
--- before each backward.
--- > w = tensor({1}, {requires_grad = true})
--- > opt = optim.SGD({w}, {lr = 0.1})
--- > w:sum():backward()
--- > opt:zero_grad()
--- > w.grad:item()
--- 0.0
function M:zero_grad()
  local groups = self.param_groups
  for i = 1, #groups do
    zero(groups[i].params) -- params[k]:zero_grad() for each
  end
  self._zeroed = true
end

--- Optimizer:step(closure?: function) -> ...
--- Changes all parameters by their gradients. A closure, if given, computes the loss first and calls
--- backward; its result is returned.
--- > w = tensor({1}, {requires_grad = true})
--- > opt = optim.SGD({w}, {lr = 0.25})
--- > w:sum():backward()
--- > opt:step()
--- > w:item()
--- 0.75
function M:step(closure)
  local loss = closure and closure()
  local groups, rule = self.param_groups, self._rule
  if rule then
    for i = 1, #groups do rule(groups[i].params, self.state[i], groups[i]) end
  else
    by_hand.step(self)
  end
  self._stepped = (self._stepped or 0) + 1
  if not self._zeroed or self._stepped == 2 then remarks.after_step(self) end
  self._zeroed = false
  if closure then return loss end
end

--- Optimizer:update(p: tensor, g: tensor, state: table, group: table)
--- Changes one parameter p in place, given its gradient g. `state` is a table of its own for each
--- parameter, empty at first; `group` holds the options. For optimisers written in Lua:
--- > Sign = optim.class("Sign", {lr = 0.1})
--- > function Sign:update(p, g, state, group) p:sub_((g:gt(0) - g:lt(0)) * group.lr) end
--- > w = tensor({1}, {requires_grad = true})
--- > opt = Sign({w}, {lr = 0.5})
--- > (w * 3):sum():backward()
--- > opt:step()
--- > w:item()
--- 0.5
function M:update()
  error(("optim.%s has neither a rule nor update(p, g, state, group)"):format(self.__name), 0)
end

require("gradus.optim.state")(M)

--- optim.class(name: string, defaults: table = {lr = 1e-3}) -> class
--- Makes a class of optimisers. Write update(self, p, g, state, group) in it; parameter groups, weight
--- decay, schedulers and saving work as with the built-in ones. See Optimizer:update.
--- > Descent = optim.class("Descent", {lr = 0.1})
--- > function Descent:update(p, g, state, group) p:sub_(g * group.lr) end
--- > Descent({tensor({1}, {requires_grad = true})})
--- Descent(l1 = 0, lr = 0.1, maximize = false, weight_decay = 0): 1 tensor, 1 number
function M.class(name, defaults, rule, fixed)
  local class = {__name = name, defaults = defaults or {lr = 1e-3}, _fixed = fixed}
  class._rule = rule and core.update[rule] or false
  class.__index, class.__tostring = class, groups_of.text
  class.step, class.zero_grad = M.step, M.zero_grad -- called at each step: found in one look-up
  return setmetatable(class, {__index = M, __call = construct, __name = "optim class",
    __tostring = function() return ("optim.class(\"%s\")"):format(name) end})
end

--- optim.Optimizer.class(name: string, defaults: table = {lr = 1e-3}) -> class
--- The same as optim.class.
--- > optim.Optimizer.class("Mine")
--- optim.class("Mine")

--- Optimizer:extend(name: string, defaults: table) -> class
--- optim.Optimizer:extend("Mine", {lr = 0.1}) is optim.class("Mine", {lr = 0.1}).
--- > optim.Optimizer:extend("Mine", {lr = 0.1})
--- optim.class("Mine")
function M.extend(_, name, defaults) return M.class(name, defaults) end

return M
