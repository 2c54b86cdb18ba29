-- SPDX-License-Identifier: GPL-3.0-or-later
-- Hooks see all inputs, the output and the gradients of both, as PyTorch's do, and may replace them.
local seen = {}
local layer = nn.Linear(2, 2)
local h = layer:register_forward_hook(function(_, inputs, output) seen[1] = inputs[1]:numel(); return output * 0 end)
local g = layer:register_backward_hook(function(_, gx, gy) seen[2], seen[3] = gx[1], gy[1]:sum():item() end)
local out = layer(tensor.ones(1, 2))
out:sum():backward()
print(seen[1], seen[2], seen[3], out:abs():sum():item())  -- expect: 2	nil	2.0	0.0
h:remove()
print(layer._hooks ~= false)                              -- expect: true
g:remove()
h:remove()
print(layer(tensor.ones(1, 2)):abs():sum():item() > 0, layer._hooks)  -- expect: true	false

-- A module with three inputs, one of them no tensor, and two outputs.
Mix = nn.class("Mix")
function Mix:forward(a, b, power) return (a * b) ^ power, a end
local mix = Mix()
local a, b = tensor({2, 3}, {requires_grad = true}), tensor({5, 7}, {requires_grad = true})
mix:register_forward_hook(function(_, inputs, first, second) print(inputs.n, inputs[3], rawequal(inputs[1], a), first, second) end)
mix:register_forward_pre_hook(function(_, inputs) seen.before = inputs.n end)
local backward = mix:register_full_backward_hook(function(m, gx, gy)
  print(m, gx[1], gx[2], gx[3], gy[1])
  return {gx[1] * 10, gx[2]}
end)
mix(a, b, 1):sum():backward()
-- expect: 3	1	true	tensor{10, 21}  -- float32 (2)	tensor{2, 3}  -- float32 (2)
-- expect: Mix()	tensor{5, 7}  -- float32 (2)	tensor{2, 3}  -- float32 (2)	nil	tensor{1, 1}  -- float32 (2)
print(a.grad, b.grad, seen.before)
-- expect: tensor{50, 70}  -- float32 (2)	tensor{2, 3}  -- float32 (2)	3
backward:remove()

-- Only this use of an input counts, not its other uses.
local x = tensor({1, 2}, {requires_grad = true})
local relu = nn.ReLU()
relu:register_full_backward_hook(function(_, gx) print(gx[1]) end)
local y = relu(x):sum() + (x * 100):sum()
y:backward()                                              -- expect: tensor{1, 1}  -- float32 (2)
print(x.grad)                                             -- expect: tensor{101, 101}  -- float32 (2)

-- Before forward: one tensor or a list takes the inputs' place. Several hooks run in order.
local id = nn.Identity()
id:register_forward_pre_hook(function(_, inputs) return inputs[1] + 1 end)
id:register_forward_pre_hook(function(_, inputs) return {inputs[1] * 2} end)
print(id(tensor{1}))                                      -- expect: tensor{4}  -- float32 (1)
-- Inside of a net, with an error: paths are right and hooks stay.
local net = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
net[1]:register_forward_hook(function() end)
print(select(2, pcall(net, tensor.zeros(1, 3))))
-- expect: net[1] Linear(2 -> 2): input is (1, 3); expected (*, 2). Hint: nn.Linear(3, 2) would fit
autograd.no_grad(function() print(net(tensor.zeros(1, 2)):size(2), net:clone()[1]._hooks) end)  -- expect: 2	false
print(select(2, pcall(relu.register_forward_hook, relu, 3)):match("register.*"))  -- expect: register_forward_hook: expected a function; got number
