-- SPDX-License-Identifier: GPL-3.0-or-later
-- Hooks on tensors, the graph as data, recording switched off and on.
local x = tensor({1, 2}, {requires_grad = true})
local y = x * 3
local got
y:register_hook(function(g) got = g:sum():item() end)
y:register_hook(function(g) return g * 10 end)
y:sum():backward()
print(got, x.grad:_at(1))                            -- expect: 2.0	30.0
local leaf = tensor({1}, {requires_grad = true})
local calls = 0
leaf:register_hook(function(g) calls = calls + 1; return g * 0 end)
local five = leaf * 2 + leaf * 3
five:sum():backward()
print(calls, leaf.grad:item())                       -- expect: 1	0.0
local function why(f, ...) print((select(2, pcall(f, ...)):gsub("[^%s]-%.lua:%d+: ", ""))) end
why(function() tensor{1}:register_hook(print) end)   -- expect: register_hook: this tensor needs no gradient. Hint: x:requires_grad_() first
why(function() local z = x * 1; z:register_hook(function() error("inside") end); z:sum():backward() end)  -- expect: inside
why(function() local z = x * 1; z:register_hook(function() return tensor{1, 2, 3} end); z:sum():backward() end)
-- expect: register_hook: a hook's gradient must have the shape and type of the one it got
-- Also from inside a coroutine.
local wrapped = coroutine.wrap(function()
  local z = x * 1
  z:register_hook(function(g) got = "in a coroutine"; return g end)
  z:sum():backward()
end)
wrapped()
print(got)                                           -- expect: in a coroutine

local net = nn.Linear(2, 1)
local loss = net(tensor{{1, 2}}):sum()
loss:backward()
for i, node in ipairs(autograd.graph(loss, {net = net})) do
  print(i, node.op, node.name, table.concat(node.shape, "x"), table.concat(node.inputs, " "), node.grad and node.grad:numel())
end
-- expect: 1	leaf	nil	1x2		nil
-- expect: 2	leaf	weight	1x2		2
-- expect: 3	leaf	bias	1		1
-- expect: 4	linear	nil	1x1	1 2 3	nil
-- expect: 5	sum	nil		4	nil
print(autograd.no_grad(function() return (x * 1).requires_grad, autograd.enable_grad(function() return (x * 1).requires_grad end) end))  -- expect: false	true
pcall(autograd.no_grad, function() error("out") end)
print(autograd.is_grad_enabled(), (x * 1).requires_grad)  -- expect: true	true
