-- SPDX-License-Identifier: GPL-3.0-or-later
-- A training with and without nn.watch: gradus watch.lua plain|watch STEPS WIDTHS BATCH ACTIVATION [EVERY]
local mode, steps, widths, batch, activation, every = table.unpack(arg)
gradus.seed(1)
local n, layers = {}, {}
for width in widths:gmatch("%d+") do n[#n + 1] = tonumber(width) end
for i = 1, #n - 1 do
  layers[#layers + 1] = nn.Linear(n[i], n[i + 1])
  if i < #n - 1 then layers[#layers + 1] = nn[activation]() end
end
local net, loss_of = nn.Sequential(layers), nn.CrossEntropyLoss()
local opt = optim.SGD(net:parameters(), {lr = 0.01, momentum = 0.9})
local x, y = tensor.randn(tonumber(batch), n[1]), tensor.randint(1, n[#n], {tonumber(batch)})
if mode == "watch" then nn.watch(net, {optimizer = opt, every = tonumber(every or 1)}) end
for _ = 1, tonumber(steps) do
  opt:zero_grad()
  local loss = loss_of(net(x), y)
  loss:backward()
  opt:step()
end
