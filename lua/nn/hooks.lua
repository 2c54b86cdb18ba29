-- SPDX-License-Identifier: GPL-3.0-or-later
-- Hooks: functions of the user that look at a layer's inputs, outputs and gradients, or replace them.
-- A module without hooks has `_hooks = false` and pays nothing for them.

local core = require("gradus.core")
local gate = require("gradus.nn.gate")

local M = {}

local handle = {__name = "hook"}
handle.__index = handle
require("gradus.strict").class(handle, "hooks")

--- hook:remove()
--- Takes a hook off again.
function handle:remove()
  local hooks = self.module._hooks
  for i, fn in ipairs(hooks and hooks[self.kind] or {}) do
    if fn == self.fn then
      table.remove(hooks[self.kind], i)
      break
    end
  end
  if hooks and #hooks.before + #hooks.after + #hooks.backward == 0 then self.module._hooks = false end
end

local function add(module, kind, who, fn)
  if type(fn) ~= "function" then
    error(("%s: expected a function; got %s"):format(who, type(fn)), 3)
  end
  module._hooks = module._hooks or {before = {}, after = {}, backward = {}}
  table.insert(module._hooks[kind], fn)
  return setmetatable({module = module, kind = kind, fn = fn}, handle)
end

-- The inputs after the hooks that come before forward.
local function before(self, list, inputs)
  for _, hook in ipairs({table.unpack(list)}) do
    local new = hook(self, inputs)
    if new ~= nil then
      inputs = type(new) == "table" and table.pack(table.unpack(new, 1, inputs.n)) or {new, n = 1}
    end
  end
  return inputs
end

--- Runs a module's forward with all of its hooks.
function M.forward(self, ...)
  local hooks, inputs, watch = self._hooks, table.pack(...), nil
  inputs = before(self, hooks.before, inputs)
  local passed = inputs
  if #hooks.backward > 0 and core.recording() then
    passed, watch = gate.watch(self, hooks.backward, inputs)
  end
  local out = table.pack(self:forward(table.unpack(passed, 1, passed.n)))
  for _, hook in ipairs({table.unpack(hooks.after)}) do
    local replaced = hook(self, inputs, table.unpack(out, 1, out.n))
    if replaced ~= nil then out[1] = replaced end
  end
  if watch then gate.await(out[1], watch) end -- the output as it leaves the module
  return table.unpack(out, 1, out.n)
end

--- Adds the methods to the base class.
function M.extend(Module)
  --- Module:register_forward_hook(fn: function(module, inputs, output)) -> hook
  --- Calls fn after every forward with the list of all inputs; what it returns, if anything, replaces
  --- the output. The result has `remove()`.
  --- > relu = nn.ReLU()
  --- > h = relu:register_forward_hook(function(m, inputs, y) print(m, #inputs, y:sum():item()) end)
  --- > relu(tensor{-1, 2});
  --- ReLU()	1	2.0
  --- > h:remove()
  function Module:register_forward_hook(fn)
    return add(self, "after", "register_forward_hook", fn)
  end

  --- Module:register_forward_pre_hook(fn: function(module, inputs)) -> hook
  --- Calls fn before every forward with the list of all inputs; what it returns, a list or one tensor,
  --- replaces them.
  --- > relu = nn.ReLU()
  --- > h = relu:register_forward_pre_hook(function(m, inputs) return inputs[1] * 2 end)
  --- > relu(tensor{-1, 2})
  --- tensor{0, 4}  -- float32 (2)
  function Module:register_forward_pre_hook(fn)
    return add(self, "before", "register_forward_pre_hook", fn)
  end

  --- Module:register_full_backward_hook(fn: function(module, grad_input, grad_output)) -> hook
  --- Calls fn when a backward pass has the gradients of the module's inputs; both are lists, as in
  --- PyTorch: grad_input[i] belongs to the i-th input (nil where it needs none), grad_output[1] to the
  --- output. What fn returns, if anything, replaces grad_input.
  --- > relu = nn.ReLU()
  --- > h = relu:register_full_backward_hook(function(m, gx, gy) print(gx[1], gy[1]) end)
  --- > relu(tensor({-1, 2}, {requires_grad = true})):sum():backward()
  --- tensor{0, 1}  -- float32 (2)	tensor{1, 1}  -- float32 (2)
  function Module:register_full_backward_hook(fn)
    return add(self, "backward", "register_full_backward_hook", fn)
  end

  --- Module:register_backward_hook(fn: function(module, grad_input, grad_output)) -> hook
  --- The same as register_full_backward_hook.
  --- > relu = nn.ReLU()
  --- > h = relu:register_backward_hook(function(m, gx) return {gx[1] * 10} end)
  --- > x = tensor({-1, 2}, {requires_grad = true})
  --- > relu(x):sum():backward()
  --- > x.grad
  --- tensor{0, 10}  -- float32 (2)
  function Module:register_backward_hook(fn)
    return add(self, "backward", "register_backward_hook", fn)
  end
end

return M
