-- SPDX-License-Identifier: GPL-3.0-or-later
-- Backward hooks: the gradients of all inputs of a module must be seen together, after that of its output.

local Function = require("gradus.autograd.Function")
local core = require("gradus.core")

local M = {}

local function needs_gradient(v) return core.is_tensor(v) and v.requires_grad end

-- Calls the backward hooks with the gradients of the inputs and of the output; what one returns takes
-- the place of the first.
local function call_backward(self, list, grad_input, grad_output)
  for _, hook in ipairs({table.unpack(list)}) do
    local new = hook(self, grad_input, grad_output)
    if new ~= nil then grad_input = core.is_tensor(new) and {new} or new end
  end
  return grad_input
end

-- The identity on all inputs of a module: the one place through which their gradients pass together.
local Gate = Function("Gate")
function Gate.forward(ctx, watch, ...)
  ctx.watch, ctx.n = watch, select("#", ...)
  return ...
end
function Gate.backward(ctx, ...)
  local gradients = ctx.watch.call({...})
  return nil, table.unpack(gradients, 1, ctx.n)
end

--- Lets the inputs through the gate. Returns them, and what waits for the gradient of the output.
function M.watch(self, list, inputs)
  local watch, places, tensors = {}, {}, {}
  for i = 1, inputs.n do
    if needs_gradient(inputs[i]) then
      places[#places + 1], tensors[#tensors + 1] = i, inputs[i]
    end
  end
  function watch.call(gradients)
    local grad_input = {n = inputs.n}
    for k, i in ipairs(places) do grad_input[i] = gradients[k] end
    local new, out = call_backward(self, list, grad_input, {watch.output}), {}
    for k, i in ipairs(places) do out[k] = new[i] end
    return out
  end
  watch.alone = #tensors == 0
  if watch.alone then return inputs, watch end
  local through, passed = table.pack(Gate(watch, table.unpack(tensors))), {n = inputs.n}
  for i = 1, inputs.n do passed[i] = inputs[i] end
  for k, i in ipairs(places) do passed[i] = through[k] end
  return passed, watch
end

--- The gradient of the output arrives before those of the inputs; without any input that needs one it is
--- all there is.
function M.await(output, watch)
  if not needs_gradient(output) then return end
  output:register_hook(function(g)
    watch.output = g
    if watch.alone then watch.call({}) end
  end)
end

return M
