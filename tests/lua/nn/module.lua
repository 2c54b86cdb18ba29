-- SPDX-License-Identifier: GPL-3.0-or-later
-- A class of one's own in five lines: prints, trains, saves and errs like a built-in one.
Net = nn.class("Net")
function Net:init(n)
  self.inner = nn.Linear(2, n)
  self.outer = nn.Linear(n, 1)
  self.scale = tensor({1}, {requires_grad = true})
  self.count = nn.Buffer(tensor{0})
  self.note = "a field that is neither"
  self._private = tensor({1}, {requires_grad = true})
end
function Net:forward(x) return self.outer(self.inner(x):tanh()) * self.scale end
net = Net(8)
print(net)
-- expect: Net (train)
-- expect:   inner: Linear(2 -> 8)
-- expect:   outer: Linear(8 -> 1)
for name, p in net:named_parameters() do print(name, #p) end
-- expect: scale	1
-- expect: inner.weight	8
-- expect: inner.bias	8
-- expect: outer.weight	1
-- expect: outer.bias	1
for name in net:named_buffers() do print(name) end   -- expect: count
print(net(tensor.zeros(5, 2)):size(1))               -- expect: 5
print(pcall(net, tensor.zeros(5, 3)))
-- expect: false	net.inner Linear(2 -> 8): input is (5, 3); expected (*, 2). Hint: nn.Linear(3, 8) would fit
local opt = optim.Adam(net:parameters(), {lr = 0.02})
local x = tensor.rand(64, 2) * 2 - 1
local y = (x * x):sum(2, true)
local first, loss
for _ = 1, 300 do
  opt:zero_grad()
  loss = nn.mse_loss(net(x), y)
  first = first or loss:item()
  loss:backward()
  opt:step()
end
print(loss:item() < first / 20)                      -- expect: true
net:save("net.safetensors")
local other = Net(8):load("net.safetensors")
print((other(x) - net(x)):abs():sum():item())        -- expect: 0.0
print(net:state_dict()[1], net:state_dict()[2], net:state_dict()[3])  -- expect: scale	count	inner.weight
print(net:eval().training, net.inner.training, net:train().outer.training)  -- expect: false	false	true
net.inner:eval()
print(net)
-- expect: Net (train)
-- expect:   inner: Linear(2 -> 8) (eval)
-- expect:   outer: Linear(8 -> 1)
