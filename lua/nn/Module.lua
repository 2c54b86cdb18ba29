-- SPDX-License-Identifier: GPL-3.0-or-later
-- The contract of a layer, and everything a layer gets for free.
--
-- A class is a table of methods. A module is a table whose fields are its hyper-parameters, its
-- parameters (leaf tensors that require a gradient), its buffers (nn.Buffer) and its children (other
-- modules). They are found by assignment, in the order of assignment: `__newindex` notes each new
-- name. Names that begin with "_" are private: neither listed nor saved.

local call = require("gradus.nn.call")
local core = require("gradus.core")
local describe = require("gradus.nn.describe")
local mark = require("gradus.nn.mark")
local strict = require("gradus.strict")

--- nn.Module() -> Module
--- What every layer and net is: the base class of all modules. nn.class makes a class of one's own
--- from it. A net has parameters(), train() and eval(), state_dict(), save(), summary() and more;
--- calling it runs its forward.
--- > net = nn.Module()
--- > net.inner = nn.Linear(2, 3)
--- > #net:parameters()
--- 2
local M = {__name = "Module"}

local is_tensor = core.is_tensor

local function note_name(self, key, value)
  rawset(self, key, value)
  if type(key) == "string" and key:sub(1, 1) == "_" then return end
  if is_tensor(value) and value.requires_grad and value:is_leaf() then mark.parameter(value) end
  local order = self._order
  for i = 1, #order do
    if order[i] == key then return end
  end
  order[#order + 1] = key
end

local function construct(class, ...)
  local self = {training = true, _order = {}, _hooks = false}
  setmetatable(self, class)
  self:init(...)
  return self
end

--- nn.Module.is_module(v: any) -> boolean
--- Whether v is a module: a table whose class came from nn.class.
--- > nn.Module.is_module(nn.ReLU()), nn.Module.is_module({})
--- true	false
local function is_module(v)
  return type(v) == "table" and type(rawget(v, "_order")) == "table" and getmetatable(v) ~= nil
end
M.is_module = is_module

--- nn.class(name: string, parent: Module = nn.Module) -> class
--- Makes a class of modules. Give it `init` (build the parts) and `forward` (use them); all else
--- comes from nn.Module: parameters, modes, printing, saving, errors that name the layer.
--- Assign parts one by one: in `self.a, self.b = x, y` Lua assigns b first.
--- > Net = nn.class("Net")
--- > function Net:init(n) self.inner = nn.Linear(2, n); self.outer = nn.Linear(n, 1) end
--- > function Net:forward(x) return self.outer(self.inner(x):tanh()) end
--- > net = Net(8)
--- > net(tensor.zeros(5, 2)):size()
--- {5, 1}
--- > #net:parameters()
--- 4
function M.class(name, parent)
  if type(name) ~= "string" then
    error("nn.class: expected a name, as in Net = nn.class(\"Net\"); got " .. type(name), 2)
  end
  local class = {__name = name, __call = call.call, __newindex = note_name}
  class.__index = class
  class.__tostring = describe.tree
  return setmetatable(class, {__index = parent or M, __call = construct, __name = "nn class",
    __tostring = function() return ("nn.class(\"%s\")"):format(name) end})
end

-- The base class itself can be called too.
M.__index, M.__call, M.__newindex, M.__tostring = M, call.call, note_name, describe.tree
setmetatable(M, {__call = construct, __index = strict.index("modules", M), __name = "nn class",
  __tostring = function() return "nn.class(\"Module\")" end})

--- nn.Module.class(name: string, parent: Module = nn.Module) -> class
--- The same as nn.class.
--- > nn.Module.class("Net")
--- nn.class("Net")

--- Module:extend(name: string) -> class
--- Makes a class that inherits from this one; nn.Module:extend("Net") is nn.class("Net").
--- > Loud = nn.Linear:extend("Loud")
--- > function Loud:forward(x) return nn.Linear.forward(self, x) * 10 end
--- > Loud(2, 3)
--- Loud(2 -> 3)
function M:extend(name) return M.class(name, self) end

--- Module:init(...)
--- Builds the parts of a new module; called with the arguments of the constructor. A class without an
--- init takes no arguments.
function M:init(...)
  if (...) ~= nil then
    error(("nn.%s takes no arguments: it has no init"):format(getmetatable(self).__name), 3)
  end
end

--- Module:forward(x: tensor, ...) -> tensor
--- Computes the output. Every class writes its own; `net(x)` calls it. There is no backward to
--- write: autograd knows the derivative of every operation.
function M:forward()
  error(("%s has no forward. Hint: function %s:forward(x) return ... end"):format(
    getmetatable(self).__name, getmetatable(self).__name), 0)
end

--- Module:extra_repr() -> string
--- What print shows in the parentheses behind the layer's name. The default is empty.
--- > nn.Linear(2, 3):extra_repr()
--- 2 -> 3
function M:extra_repr() return "" end

-- A layer may have `complain(x, y)`: what is wrong with inputs that made it fail, or nil.
-- `remark(x, y)` may say something beside the error.
M.complain, M.remark = false, false

require("gradus.nn.fields")(M)
require("gradus.nn.walk")(M)
require("gradus.nn.modes")(M)
require("gradus.nn.hooks").extend(M)
require("gradus.nn.state")(M)

return M
