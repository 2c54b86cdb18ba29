-- SPDX-License-Identifier: GPL-3.0-or-later
-- A net of three layers, 20 steps over the whole batch from PyTorch's weights: PyTorch's losses.
local folder = arg[0]:match("^(.*)/lua/") .. "/expect/"
local case = dofile(folder .. "training.data")
local function with_shape(t)
  return tensor({table.unpack(t)}, {dtype = "float64"}):reshape(t.shape)
end
local net = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 6), nn.ReLU(), nn.Linear(6, 3)):double()
local state = {}
for _, entry in ipairs(case.state) do state[entry[1]] = with_shape(entry[2]) end
net:load_state_dict(state)
local opt, loss_of = optim.SGD(net:parameters(), {lr = 0.1, momentum = 0.9}), nn.CrossEntropyLoss()
local x, y, worst = with_shape(case.x), with_shape(case.y), 0
for step = 1, 20 do
  opt:zero_grad()
  local loss = loss_of(net(x), y)
  loss:backward()
  opt:step()
  worst = math.max(worst, math.abs(loss:item() - case.losses[step]))
end
print(#case.losses, worst < 1e-9)                   -- expect: 20	true

local wrong = 0
for name, gain in pairs(case.gains) do
  local mine = name == "leaky_3" and nn.init.calculate_gain("leaky_relu", 3) or nn.init.calculate_gain(name)
  if math.abs(mine - gain) > 1e-12 then wrong = wrong + 1 end
end
print(wrong)                                        -- expect: 0
