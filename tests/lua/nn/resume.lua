-- SPDX-License-Identifier: GPL-3.0-or-later
-- A training with dropout, stopped and resumed from net, optimiser, schedule and generator, goes on bit
-- for bit.
local core = require("gradus.core")
local function make()
  local net = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 3))
  local opt = optim.Adam(net:parameters(), {lr = 0.01})
  return net, opt, optim.lr_scheduler.CosineAnnealingLR(opt, 30)
end
local x, y = tensor.randn(20, 4), tensor.randint(1, 3, {20})
local function train(net, opt, schedule, steps)
  local losses = {}
  for i = 1, steps do
    opt:zero_grad()
    local loss = nn.cross_entropy(net(x), y)
    loss:backward()
    opt:step()
    schedule:step()
    losses[i] = ("%a"):format(loss:item())
  end
  return table.concat(losses, " ")
end
local net, opt, schedule = make()
train(net, opt, schedule, 10)
net:save("net.safetensors")
local kept, where, random = opt:state_dict(), schedule:state_dict(), core.random_state()
local whole = train(net, opt, schedule, 10)
local net2, opt2, schedule2 = make()
net2:load("net.safetensors")
opt2:load_state_dict(kept)
schedule2:load_state_dict(where)
core.random_state(random)
print(train(net2, opt2, schedule2, 10) == whole)     -- expect: true
for name, p in net:named_parameters() do
  if (net2:state_dict()[name] - p):abs():sum():item() ~= 0 then print(name) end
end
