-- SPDX-License-Identifier: GPL-3.0-or-later
-- Figures 2 and 3 of He et al. 2015 in small: deep ReLU nets that begin with Xavier or Kaiming.

local core = require("gradus.core")
local options = require("gradus.options")
local result = require("gradus.lab.result")
local tensor = require("gradus.tensor")

local M = {}

local inits = {"xavier_normal", "kaiming_normal"}

local function new_net(depth, init, width)
  local nn = require("gradus.nn")
  local layers = {}
  for l = 1, depth do
    layers[#layers + 1] = nn.Linear(l == 1 and 10 or width, l == depth and 1 or width)
    if l < depth then layers[#layers + 1] = nn.ReLU() end
  end
  return nn.init.apply(nn.Sequential(table.unpack(layers)), init)
end

-- The std of each weight's gradient, from the first layer on.
local function gradient_stds(net)
  local list = {}
  for _, p in ipairs(net:parameters()) do
    if p:dim() == 2 then list[#list + 1] = p.grad:stats().std end
  end
  return list
end

-- A net under one seed learns x1 + x2 > 0 from 256 points of ten numbers, by plain descent with momentum.
local function train(depth, init, o, seed)
  core.seed(seed)
  local nn, optim = require("gradus.nn"), require("gradus.optim")
  local x = tensor.randn(256, 10)
  local y = (x[{{}, 1}] + x[{{}, 2}]):gt(0):to("float32"):reshape(256, 1)
  local net = new_net(depth, init, o.width)
  local opt = optim.SGD(net:parameters(), {lr = o.lr, momentum = 0.9})
  local run = {loss = {}}
  for step = 1, o.steps do
    local loss = nn.binary_cross_entropy_with_logits(net(x), y)
    run.loss[step] = loss:item()
    opt:zero_grad()
    loss:backward()
    run.gradients = run.gradients or gradient_stds(net)
    opt:step()
  end
  return run
end

-- Learnt: below half of ln 2, the loss of a coin.
local function learnt(runs)
  local n, sum, size = 0, 0, 0
  for _, run in ipairs(runs) do
    local final = run.loss[#run.loss]
    if final < math.log(2) / 2 then n = n + 1 end
    sum = sum + final / #runs
    size = size + math.log(run.gradients[2]) / #runs
  end
  return n, sum, math.exp(size)
end

local function figures(cells, o)
  local plot = require("gradus.plot")
  local panels = {}
  for _, depth in ipairs(o.depths) do
    local losses, gradients = {}, {}
    for _, cell in ipairs(cells) do
      if cell.depth == depth then
        local l, g = {}, {}
        for k, run in ipairs(cell.runs) do l[k], g[k] = run.loss, run.gradients end
        losses[#losses + 1], gradients[#gradients + 1] = {cell.init, l}, {cell.init, g}
      end
    end
    panels[#panels + 1] = plot.loss(losses, {title = ("%d weight layers"):format(depth),
      xlabel = "step", smooth = 0, ylog = false})
    panels[#panels + 1] = plot.depth(gradients, {title = ("%d weight layers, step 1"):format(depth),
      ylabel = "std of weight gradients"})
  end
  return {order = {"training"}, training = plot.grid(panels, {columns = 2, height = 900,
    title = "ReLU nets: Xavier against Kaiming"})}
end

--- lab.he({depths: {integer, ...} = {22, 30}, width: integer = 48, steps: integer = 100, lr: number = 0.02, seeds: integer = 5}) -> result
--- Figures 2 and 3 of He et al. 2015 in small: ReLU nets of 22 and 30 weight layers, Xavier
--- against Kaiming: loss by step and the std of each weight's gradient at the first step.
---
--- Reported for each: how many seeds learn (loss below half of ln 2 at the end), and the std of the
--- second layer's gradient at the first step. Plain descent with momentum 0.9; a seed that escapes is counted, not hidden.
--- > r = lab.he{depths = {4}, width = 8, steps = 3, seeds = 1}
--- > #r.rows, r.figures.order[1]
--- 6	training
function M.he(given)
  local o = options.read("lab.he", given, {depths = {22, 30}, width = 48, steps = 100, lr = 0.02,
    seeds = 5, progress = true})
  local seeds, cells, rows, notes = result.seeds("lab.he", o.seeds), {}, {}, {}
  local bar = result.progress(o.progress)
  for _, depth in ipairs(o.depths) do
    for _, init in ipairs(inits) do
      local cell = {depth = depth, init = init, runs = {}}
      for k, seed in ipairs(seeds) do
        cell.runs[k] = train(depth, init, o, seed)
        for step, loss in ipairs(cell.runs[k].loss) do
          rows[#rows + 1] = {depth = depth, init = init, seed = seed, step = step, loss = loss}
        end
      end
      cells[#cells + 1] = cell
      bar(#cells, #o.depths * #inits)
      local n, loss, size = learnt(cell.runs)
      notes[#notes + 1] = ("%d layers, %s: %d of %d seeds learn, mean loss %.3g after %d steps; "
        .. "the second layer's gradient begins with std %.2g."):format(depth, init, n, #seeds, loss,
        o.steps, size)
    end
  end
  notes[#notes + 1] = "Look at: whether Xavier's loss moves at all, and how small its gradients begin."
  return result.new {name = "He et al. 2015, figures 2 and 3, in small", rows = rows, notes = notes,
    cells = cells, columns = {"depth", "init", "seed", "step", "loss"}, figures = figures(cells, o)}
end

return M
