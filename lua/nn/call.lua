-- SPDX-License-Identifier: GPL-3.0-or-later
-- Calling a module: forward, its hooks, and errors that name the layer.
--
-- While a net computes, the modules being called stand on a stack, so that an error can say where
-- in the net it happened. Only the outermost call looks at errors: an inner one costs two
-- assignments and no more.

local describe = require("gradus.nn.describe")
local hooks = require("gradus.nn.hooks")

local M = {}

local pcall = pcall
-- The modules on the stack with the first two inputs of each.
local modules, inputs, seconds, depth = {}, {}, {}, 0

-- What was called last from outside: where a NaN is looked for. Weak: nothing is kept alive.
M.last_net = setmetatable({calls = 0}, {__mode = "v"})

local last_net = M.last_net

local guard = setmetatable({}, {__close = function()
  for i = 1, #modules do modules[i], inputs[i], seconds[i] = nil, nil, nil end
  depth = 0
end})

-- Forgets the inputs and returns the results; leaves the depth right even where an inner error was
-- caught by the layer itself.
local function leave(level, ...)
  depth, inputs[level], seconds[level] = level - 1, false, false
  return ...
end

-- Set by gradus.profile while it measures: called with the module, what computes it, and its inputs.
local around = false

function M.watch(f) around = f end

local function inner(self, x, ...)
  local level = depth + 1
  depth, modules[level], inputs[level], seconds[level] = level, self, x, (...)
  if around then
    return leave(level, around(self, self._hooks and hooks.forward or self.forward, x, ...))
  end
  if self._hooks then return leave(level, hooks.forward(self, x, ...)) end
  return leave(level, self:forward(x, ...))
end

local function outcome(ok, first, ...)
  if ok then return first, ... end
  if type(first) == "string" then
    first = describe.failure(first, modules, depth, inputs[depth], seconds[depth])
  end
  error(first, 3)
end

local function outer(self, x, ...)
  local closing <close> = guard -- luacheck: ignore 211
  if self._order[1] ~= nil and not rawget(self, "reduction") then
    last_net.module, last_net.input, last_net.second = self, x, (...)
    last_net.calls = last_net.calls + 1
  end
  return outcome(pcall(inner, self, x, ...))
end

--- Module(x: tensor, ...) -> tensor
--- Calling a module runs its forward. An error inside a net names the layer by its path.
--- > net = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
--- > net(tensor.zeros(5, 2)):size()
--- {5, 3}
function M.call(self, x, ...)
  if depth > 0 then return inner(self, x, ...) end
  return outer(self, x, ...)
end

-- How deep the calls are: 0 outside of every forward.
function M.depth() return depth end

return M
