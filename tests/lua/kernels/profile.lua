-- SPDX-License-Identifier: GPL-3.0-or-later
-- gradus.profile: calls are counted by op and by layer, times add up, and nothing is left behind.
local net = nn.Sequential(nn.Linear(8, 16), nn.Sequential(nn.Tanh(), nn.Dropout(0.5)), nn.Linear(16, 2))
local opt, x = optim.Adam(net:parameters()), tensor.randn(4, 8)
local p = gradus.profile(function()
  for _ = 1, 3 do
    opt:zero_grad()
    net(x):square():sum():backward()
    opt:step()
  end
end)
local ops, layers, sum = {}, {}, 0
for _, row in ipairs(p.ops) do
  ops[row.name], sum = row, sum + row.seconds
  assert(row.seconds == row.forward + row.backward and row.forward >= 0 and row.backward >= 0)
end
print(ops.linear.calls, ops.tanh.calls, ops.dropout.calls, ops.square.calls, ops["optimiser's step"].calls)
-- expect: 6	3	3	3	3
print(ops.linear.backward > 0, sum <= p.seconds, math.abs(p.seconds - sum - p.rest) < 1e-9)
-- expect: true	true	true
for _, row in ipairs(p.layers) do layers[row.name] = row end
print(layers["Linear(8 -> 16)"].calls, layers["Tanh()"].calls, layers["(outside of layers)"].calls > 0)
-- expect: 3	3	true
print(layers["Tanh()"].backward > 0, layers["Sequential()"]) -- expect: true	nil
print(tostring(p):match("op +calls +forward +backward +share") ~= nil, select(2, tostring(p):gsub("\n", "")) > 10)
-- expect: true	true

-- A hook and a function of one's own are told apart from the op they run in.
local Twice = autograd.Function("Twice")
function Twice.forward(_, a) return a * 2 end
function Twice.backward(_, g) return g * 2 end
local q = gradus.profile(function()
  local w = tensor({1, 2}, {requires_grad = true})
  Twice(w):sum():backward()
end)
local found
for _, row in ipairs(q.ops) do found = found or row.name == "autograd.Function" and row.calls end
print(found) -- expect: 1

-- An error passes through, and the next profile starts anew.
local _, message = pcall(gradus.profile, function() net(x):reshape(7) end)
print(message:match("reshape.*$")) -- expect: reshape: shape (4, 2) has 8 elements; they do not fit (7)
print(#gradus.profile(function() end).ops) -- expect: 0
print(select(2, tostring(gradus.profile(function() end)):gsub("calls", ""))) -- expect: 1
gradus.profile(3) -- expect error: gradus.profile: expected a function; got number. Hint: gradus.profile(function() ... end)
