-- SPDX-License-Identifier: GPL-3.0-or-later
-- Figures 2 and 3 of He et al. 2015 in small: deep ReLU nets that begin with Xavier or Kaiming.
--
-- Recipe. Fixed before its first run: x1 + x2 > 0 from 256 points of ten numbers N(0, 1); nets
-- 10-48-...-48-1 of 22 and 30 weight layers, ReLU, biases 0; plain descent with momentum 0.9, rate
-- 0.02, all points in a step; "learnt": the loss is below half of ln 2 at the end. That first run
-- had 100 steps, in which Xavier learnt in no seed at either depth; the paper's nets of 22 layers
-- were trained to the end, so that it is 400 steps now (fixed before they were run), and Xavier
-- under Adam, rate 0.001, 30 layers, was added.
-- 1  22 layers: both learn, Kaiming first (fewer steps to half of ln 2).
-- 2  30 layers: Kaiming learns; Xavier does not move (loss above 0.65 at the end).
-- 3  30 layers: the second layer's gradient begins at least 1000 times larger with Kaiming.
-- 4  30 layers: under Adam, Xavier learns after all.

local experiment = require("gradus.lab.experiment")
local tensor = require("gradus.tensor")

local M = {}

local LEARNT, STILL = math.log(2) / 2, 0.65

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

local function optimiser(arm, net, o)
  local optim = require("gradus.optim")
  if arm.adam then return optim.Adam(net:parameters(), {lr = 0.001}) end
  return optim.SGD(net:parameters(), {lr = o.lr, momentum = 0.9})
end

local function train(arm, o)
  local nn = require("gradus.nn")
  local x = tensor.randn(256, 10)
  local y = (x[{{}, 1}] + x[{{}, 2}]):gt(0):to("float32"):reshape(256, 1)
  local net = new_net(arm.depth, arm.init, o.width)
  local opt, run = optimiser(arm, net, o), {loss = {}, learnt_at = math.huge}
  for step = 1, o.steps do
    local loss = nn.binary_cross_entropy_with_logits(net(x), y)
    run.loss[step] = loss:item()
    if run.loss[step] < LEARNT then run.learnt_at = math.min(run.learnt_at, step) end
    opt:zero_grad()
    loss:backward()
    run.gradients = run.gradients or gradient_stds(net)
    opt:step()
  end
  run.final = run.loss[o.steps]
  run.learnt = run.final < LEARNT
  return run
end

local function arms_of(o)
  local arms = {}
  for _, depth in ipairs(o.depths) do
    for _, init in ipairs {"xavier_normal", "kaiming_normal"} do
      arms[#arms + 1] = {depth = depth, init = init, name = init}
    end
  end
  local deepest = o.depths[#o.depths]
  arms[#arms + 1] = {depth = deepest, init = "xavier_normal", adam = true,
    name = "xavier_normal, Adam"}
  return arms
end

-- What a cell has come to, in words.
local function learning(cell)
  local n = 0
  for _, run in ipairs(cell.runs) do n = n + (run.learnt and 1 or 0) end
  return ("%s: %d of %d seeds learn, loss %s"):format(cell.name, n, #cell.runs,
    experiment.spread(cell.runs, "final"))
end

local function shallow(e, depth, xavier, kaiming)
  e:claim {text = ("with %d layers both learn, Kaiming first"):format(depth), unit =
    "steps earlier (seeds in which both learn)",
    threshold = "both losses end below half of ln 2, and Kaiming's gets there in fewer steps",
    evidence = learning(xavier) .. "; " .. learning(kaiming),
    otherwise = "a net 48 units wide is not the paper's: its signal wanders by exp(+-sqrt(5 l / "
      .. "n)), with "
      .. "Xavier on top of 2^(-l/2), so that a seed may begin too flat to be moved in these steps",
    each = function(k)
      local x, a = xavier.runs[k], kaiming.runs[k]
      return x.learnt_at - a.learnt_at, x.learnt and a.learnt and a.learnt_at < x.learnt_at
    end}
end

-- The logarithm to base 10 of how many times larger the second weight's gradient is in theory: the first weight lets the
-- signal through by its own variance, 2 / 10 against 2 / (10 + n), all others the gradient by 2 / n against
-- 1 / n, and the last one by 2 / n against 2 / (n + 1).
local function expected(depth, n)
  return 0.5 * math.log((10 + n) / 10 * 2 ^ (depth - 3) * (n + 1) / n, 10)
end

local function deep(e, depth, xavier, kaiming, adam)
  e:claim {text = ("with %d layers Kaiming learns and Xavier does not move"):format(depth),
    unit = "less loss",
    threshold = ("Kaiming's loss ends below half of ln 2 and Xavier's above %g"):format(STILL),
    evidence = learning(xavier) .. "; " .. learning(kaiming),
    otherwise = "at this width luck counts: a seed of Xavier may escape, "
      .. "and one of Kaiming may begin too small or too large",
    each = function(k)
      local x, a = xavier.runs[k], kaiming.runs[k]
      return x.final - a.final, a.learnt and x.final > STILL
    end}
  local function log_ratio(k)
    return math.log(kaiming.runs[k].gradients[2] / xavier.runs[k].gradients[2], 10)
  end
  local powers = {}
  for k = 1, #e.seeds do powers[k] = {log_ratio(k)} end
  e:claim {text = ("with %d layers gradients begin far larger with Kaiming"):format(depth),
    threshold = "the second layer's is at least 1000 times as large", unit = "powers of ten",
    evidence = ("10^(%s) times as large; theory 10^%.2f"):format(experiment.spread(powers, 1),
      expected(depth, e.o.width)),
    each = function(k) return log_ratio(k), log_ratio(k) >= 3 end}
  e:claim {text = ("under Adam Xavier learns with %d layers, too"):format(depth),
    unit = "loss at the end",
    threshold = "the loss ends below half of ln 2",
    evidence = learning(adam), otherwise =
    "Adam divides by the gradient's own size, so that a small one is none the less a step; it "
      .. "needs more of them",
    each = function(k) return adam.runs[k].final, adam.runs[k].learnt end}
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
        local name = cell.init == "xavier_normal" and "Xavier" or "Kaiming"
        losses[#losses + 1] = {cell.adam and name .. ", Adam" or name, l}
        if not cell.adam then gradients[#gradients + 1] = {name, g} end
      end
    end
    panels[#panels + 1] = plot.loss(losses, {title = ("%d weight layers"):format(depth),
      xlabel = "step", smooth = 0, ylog = false, yrange = {0, 1.2}})
    panels[#panels + 1] = plot.depth(gradients, {title = ("%d weight layers, step 1"):format(depth),
      ylabel = "std of weight gradients"})
  end
  return plot.grid(panels, {columns = 2, width = 1280, height = 900,
    title = "ReLU nets: Xavier against Kaiming"})
end

--- lab.he({depths: {integer, ...} = {22, 30}, width: integer = 48, steps: integer = 400, lr: number = 0.02, seeds: integer = 5}) -> result
--- Figures 2 and 3 of He et al. 2015 in small: ReLU nets of 22 and 30 weight layers, Xavier
--- against Kaiming: loss by step and the std of each weight's gradient at the first step.
---
--- Claims: with 22 layers (the first depth) both learn, Kaiming first; with 30 (the last) Xavier
--- does not move, its gradients begin far smaller, and under Adam it learns after all. Plain
--- descent with momentum 0.9 otherwise; a seed that escapes is counted, not hidden. rows: depth,
--- init, seed, step, loss.
--- > r = lab.he{depths = {4}, width = 8, steps = 3, seeds = 1}
--- > #r.rows, r.figures.order[1]
--- 9	training
function M.he(given)
  local e = experiment.new("lab.he", given, {depths = {22, 30}, width = 48, steps = 400, lr = 0.02})
  local cells, o = arms_of(e.o), e.o
  local runs = e:run(cells, function(arm) return train(arm, o) end)
  for i, cell in ipairs(cells) do
    cell.runs = runs[i]
    for k, run in ipairs(runs[i]) do
      for step, loss in ipairs(run.loss) do
        e:row {depth = cell.depth, init = cell.name, seed = e.seeds[k], step = step, loss = loss}
      end
    end
  end
  local n = 2 * #o.depths
  shallow(e, o.depths[1], cells[1], cells[2])
  deep(e, o.depths[#o.depths], cells[n - 1], cells[n], cells[n + 1])
  e:figure("training", figures(cells, o))
  return e:finish {name = "He et al. 2015, figures 2 and 3, in small", cells = cells,
    columns = {"depth", "init", "seed", "step", "loss"},
    look = "whether Xavier's loss moves at all, and how small its gradients begin."}
end

return M
