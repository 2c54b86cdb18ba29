-- SPDX-License-Identifier: GPL-3.0-or-later
-- How the cost of a training step grows with width, depth and batch: three curves on logarithmic
-- scales, and the slope of each end. A slope of 0 is a fixed cost (calls), 1 grows in step, 2 with
-- the square (the products of a wide net). Takes about a minute.
-- usage: gradus [--threads N] scaling.lua [PICTURE.svg]

-- The median time of a step, over at least 0.15 s and 5 steps.
local function seconds(step)
  step()
  local times, began = {}, gradus.clock()
  repeat
    local from = gradus.clock()
    step()
    times[#times + 1] = gradus.clock() - from
  until gradus.clock() - began > 0.15 and #times >= 5
  table.sort(times)
  return times[#times // 2 + 1]
end

-- A net of `depth` hidden layers, its optimiser and one step on `batch` samples.
local function training(width, depth, batch)
  local layers = {}
  for _ = 1, depth do
    layers[#layers + 1] = nn.Linear(width, width)
    layers[#layers + 1] = nn.ReLU()
  end
  layers[#layers + 1] = nn.Linear(width, 10)
  local net = nn.Sequential(table.unpack(layers))
  local opt, loss_of = optim.SGD(net:parameters(), {lr = 1e-3}), nn.CrossEntropyLoss()
  local x, y = tensor.randn(batch, width), tensor.randint(1, 10, {batch})
  return function()
    local loss = loss_of(net(x), y)
    opt:zero_grad()
    loss:backward()
    opt:step()
  end
end

-- The slope between two points of a curve on logarithmic scales.
local function slope(x, t, from, to)
  return math.log(t[to] / t[from]) / math.log(x[to] / x[from])
end

local function measure(title, list, make)
  local times = {}
  for i, n in ipairs(list) do
    times[i] = seconds(make(n)) * 1e6
    print(("%-22s %6d %14.1f us"):format(title, n, times[i]))
  end
  local last = #list
  print(("%-22s slope %.2f at first, %.2f at the end\n"):format(title, slope(list, times, 1, 3),
    slope(list, times, last - 2, last)))
  return plot.curve(list, times, {title = title, xlog = true, ylog = true,
    xlabel = title:match("^%a+"), ylabel = "us a step", points = true})
end

gradus.seed(1)
print(("gradus, %d thread(s), %s\n"):format(gradus.threads(), gradus.cpu()))
local figures = {
  measure("width (2 deep, 64)", {32, 64, 128, 256, 512, 1024, 2048},
    function(n) return training(n, 2, 64) end),
  measure("depth (64 wide, 64)", {1, 2, 5, 10, 20, 50, 100, 200},
    function(n) return training(64, n, 64) end),
  measure("batch (256 wide, 2 deep)", {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024},
    function(n) return training(256, 2, n) end),
}
local figure = plot.grid(figures, {columns = 3, title = "the cost of a training step"})
if arg[1] then figure:save(arg[1]) else print(figure:text()) end
