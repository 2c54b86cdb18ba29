-- SPDX-License-Identifier: GPL-3.0-or-later
-- An operation whose forward and backward are written in Lua.

local core = require("gradus.core")

local Context = {}
Context.__index = Context

--- ctx:save_for_backward(t: tensor, ...)
--- Keeps tensors of the forward for the backward, which gets them from ctx:saved().
function Context:save_for_backward(...)
  self._saved, self._versions = {}, {}
  for i, t in ipairs {...} do
    -- Handles without history: a graph that holds itself would never be freed.
    self._saved[i], self._versions[i] = t:detach(), t:_version()
  end
end

--- ctx:saved() -> tensor, ...
--- The tensors that the forward has saved. An error where one was changed in place since.
function Context:saved()
  for i, t in ipairs(self._saved or {}) do
    if t:_version() ~= self._versions[i] then
      error(("saved tensor %d was changed in place after forward"):format(i), 2)
    end
  end
  return table.unpack(self._saved or {})
end

local function tensors_of(arguments)
  local inputs, places = {}, {}
  for i = 1, arguments.n do
    if core.is_tensor(arguments[i]) then
      inputs[#inputs + 1], places[#inputs + 1] = arguments[i], i
    end
  end
  return inputs, places
end

local function any_needs_grad(inputs)
  for _, t in ipairs(inputs) do
    if t.requires_grad then return true end
  end
  return false
end

-- The gradients at the places of the tensors among the arguments.
local function pick(places, ...)
  local given, out = {...}, {}
  for k, i in ipairs(places) do out[k] = given[i] or nil end
  return table.unpack(out, 1, #places)
end

local restore = setmetatable({}, {__close = function() core.recording(true) end})

local function run_forward(class, ctx, ...)
  if not core.recording() then return table.pack(class.forward(ctx, ...)) end
  core.recording(false)
  local closing <close> = restore -- luacheck: ignore 211
  return table.pack(class.forward(ctx, ...))
end

local function apply(class, ...)
  if not class.forward or not class.backward then
    error(("%s needs %s.forward(ctx, ...) and %s.backward(ctx, gradient, ...)"):format(class.name,
      class.name, class.name), 3)
  end
  local ctx = setmetatable({}, Context)
  local out = run_forward(class, ctx, ...)
  local inputs, places = tensors_of(table.pack(...))
  if not core.recording() or not any_needs_grad(inputs) then return table.unpack(out, 1, out.n) end
  for i = 1, out.n do
    if not core.is_tensor(out[i]) then
      error(("%s.forward: result %d should be a tensor; got %s"):format(class.name, i, type(out[i])), 3)
    end
    out[i] = out[i]:detach() -- it may be an input
  end
  core.record_custom(inputs, out, function(...) return pick(places, class.backward(ctx, ...)) end)
  return table.unpack(out, 1, out.n)
end

--- autograd.Function(name: string = "Function") -> class
--- Makes an operation of one's own. Give it forward(ctx, ...) and backward(ctx, gradient), which
--- returns one gradient for each argument of forward (nil for what is no tensor). ctx carries what
--- the backward needs: ctx:save_for_backward(t, ...), ctx:saved(), and fields of one's own. Check it
--- with autograd.gradcheck.
--- > Square = autograd.Function("Square")
--- > function Square.forward(ctx, x) ctx:save_for_backward(x); return x * x end
--- > function Square.backward(ctx, g) local x = ctx:saved(); return g * 2 * x end
--- > x = tensor({3}, {requires_grad = true})
--- > Square.apply(x):sum():backward()
--- > x.grad:item()
--- 6.0
return function(name)
  local class = {name = name or "Function"}
  class.apply = function(...) return apply(class, ...) end
  return setmetatable(class, {__call = apply, __name = "Function",
    __tostring = function(c) return ("autograd.Function(\"%s\")"):format(c.name) end})
end
