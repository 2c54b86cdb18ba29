-- SPDX-License-Identifier: GPL-3.0-or-later
-- How the cost of a training step grows with width, depth and batch: three curves on logarithmic
-- scales, with the slope of their upper half. A slope of 0 is a fixed cost (calls), 1 grows in
-- step (depth, batch), 2 with the square (the products of a wide net). Takes half a minute.
-- usage: gradus [--threads N] scaling.lua [FOLDER]
-- With a folder, which must exist: width.png, depth.png, batch.png, all.png and scaling.csv in it.
local SECONDS, BLOCKS, BLOCK = 0.25, 5, 1e-3 -- of each point at least; seconds of a block

-- On one thread, seconds of the processor: other programs on the machine do not lengthen them.
local clock = gradus.threads() == 1 and os.clock or gradus.clock

-- The least time of a step, microseconds, over blocks of steps: what disturbs only ever adds.
local function least(step)
  local began, warm = gradus.clock(), 0
  repeat
    step()
    warm = warm + 1
  until gradus.clock() - began > BLOCK
  local best, count = math.huge, 0
  began = gradus.clock()
  repeat
    local from = clock()
    for _ = 1, warm do step() end
    best, count = math.min(best, (clock() - from) / warm), count + 1
  until gradus.clock() - began > SECONDS and count >= BLOCKS
  return best * 1e6
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

-- Slope and height of the straight line through log y over log x, for x[from], x[from + 1], ...
local function line(x, y, from)
  local n, sx, sy, sxx, sxy = 0, 0, 0, 0, 0
  for i = from, #x do
    local a, b = math.log(x[i]), math.log(y[i])
    n, sx, sy, sxx, sxy = n + 1, sx + a, sy + b, sxx + a * a, sxy + a * b
  end
  local slope = (n * sxy - sx * sy) / (n * sxx - sx * sx)
  return slope, (sy - slope * sx) / n
end

local function picture(what, fixed, list, times)
  local from = #list // 2 + 1
  local slope, height = line(list, times, from)
  local upper, fit = {}, {}
  for i = from, #list do
    upper[#upper + 1], fit[#fit + 1] = list[i], math.exp(height) * list[i] ^ slope
  end
  local said = ("slope %.2f from %d on"):format(slope, list[from])
  print(("%-8s %s\n"):format(what, said))
  return plot.curve({{"measured", list, times}, {said, upper, fit}},
    {title = ("%s (%s)"):format(what, fixed), xlog = true, ylog = true, points = true,
      xlabel = what, ylabel = "us a step"})
end

-- What is varied, what stays, the sizes, and the net of a size.
local SWEEPS = {
  {"width", "2 hidden layers, batch 64", {32, 64, 128, 256, 512, 1024, 2048},
    function(n) return training(n, 2, 64) end},
  {"depth", "64 wide, batch 64", {1, 2, 5, 10, 20, 50, 100, 200},
    function(n) return training(64, n, 64) end},
  {"batch", "256 wide, 2 hidden layers", {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024},
    function(n) return training(256, 2, n) end},
}

-- Opened first: a folder that does not exist is better known before the measuring.
local folder = arg[1]
local file = folder and assert(io.open(folder .. "/scaling.csv", "w"))

gradus.seed(1)
print(("gradus, %d thread(s), %s\n"):format(gradus.threads(), gradus.cpu()))
local figures, rows = {}, {"sweep,size,us"}
for i, sweep in ipairs(SWEEPS) do
  local what, fixed, list, make = table.unpack(sweep)
  local times = {}
  for k, n in ipairs(list) do
    times[k] = least(make(n))
    print(("%-8s %6d %14.1f us"):format(what, n, times[k]))
    rows[#rows + 1] = ("%s,%d,%.2f"):format(what, n, times[k])
  end
  figures[i] = picture(what, fixed, list, times)
end
local all = plot.grid(figures, {columns = 3, title = "the cost of a training step"})
if not folder then return print(all:text()) end
for i, sweep in ipairs(SWEEPS) do figures[i]:save(("%s/%s.png"):format(folder, sweep[1])) end
all:save(folder .. "/all.png")
file:write(table.concat(rows, "\n"), "\n")
file:close()
