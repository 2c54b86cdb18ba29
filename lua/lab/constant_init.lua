-- SPDX-License-Identifier: GPL-3.0-or-later
-- Units that begin equal stay equal.

local bands = require("gradus.lab.bands")
local experiment = require("gradus.lab.experiment")
local tensor = require("gradus.tensor")

local M = {}

-- The number of hidden units that differ, seen by what goes into them and out of them: rows further
-- apart than a thousandth of the largest weight.
local function distinct(net)
  local rows = tensor.cat({net[1].weight:detach(), net[1].bias:detach():reshape(-1, 1),
    net[3].weight:detach():t()}, 2):totable()
  local largest = 1e-12
  for _, row in ipairs(rows) do
    for _, w in ipairs(row) do largest = math.max(largest, math.abs(w)) end
  end
  local kept = {}
  for _, row in ipairs(rows) do
    local new = true
    for _, other in ipairs(kept) do
      local apart = 0
      for i, w in ipairs(row) do apart = math.max(apart, math.abs(w - other[i])) end
      new = new and apart > largest * 1e-3
    end
    if new then kept[#kept + 1] = row end
  end
  return #kept
end

local function new_net(entry, o)
  local nn = require("gradus.nn")
  local net = nn.Sequential(nn.Linear(2, o.width), nn.Tanh(), nn.Linear(o.width, 1))
  local fill = entry
  if type(entry) == "number" then fill = function(w) nn.init.constant_(w, entry) end end
  nn.init.apply(net, fill)
  return net
end

-- A net learns x1 x2 > 0 from 128 points; returns what was seen every `every` steps.
local function train(entry, o)
  local nn, optim = require("gradus.nn"), require("gradus.optim")
  local x = tensor.randn(128, 2)
  local y = (x[{{}, 1}] * x[{{}, 2}]):gt(0):to("float32"):reshape(128, 1)
  local net = new_net(entry, o)
  local opt = optim.Adam(net:parameters(), {lr = o.lr})
  local seen = {}
  for step = 0, o.steps do
    local loss = nn.binary_cross_entropy_with_logits(net(x), y)
    if step % o.every == 0 then
      seen[#seen + 1] = {step = step, loss = loss:item(), distinct = distinct(net),
        weights = net[1].weight:detach():select(2, 1):totable()}
    end
    opt:zero_grad()
    loss:backward()
    opt:step()
  end
  return seen
end

local function columns_of(runs, column)
  local lists = {}
  for k, seen in ipairs(runs) do
    lists[k] = {}
    for i, row in ipairs(seen) do lists[k][i] = row[column] end
  end
  return lists
end

local function curves(all, o, column, ylabel)
  local list, x = {}, bands.steps(#all[1].runs[1], o.every)
  for i, entry in ipairs(all) do list[i] = {entry.name, x, columns_of(entry.runs, column)} end
  return bands.curve(list, {ylabel = ylabel, xlabel = "step", title = ylabel})
end

-- The weight of each hidden unit for x1, by step: rows that stay alike are units that stay alike.
local function heat(entry, o)
  local z = {}
  for unit = 1, o.width do
    z[unit] = {}
    for i, row in ipairs(entry.runs[1]) do z[unit][i] = row.weights[unit] end
  end
  return require("gradus.plot").heatmap(z, {diverging = true, title = entry.name, ylabel = "unit",
    xlabel = ("step / %d"):format(o.every), label = "weight"})
end

local function heats(all, o)
  local panels = {}
  for i, entry in ipairs(all) do panels[i] = heat(entry, o) end
  local fig = require("gradus.plot").grid(panels, {columns = #panels, width = 430 * #panels, height = 460,
    title = "each hidden unit's weight for x1 while it learns, first seed"})
  fig.letters = 1.4
  return fig
end

local function most_distinct(seen)
  local most = 0
  for _, row in ipairs(seen) do most = math.max(most, row.distinct) end
  return most
end

local function final(seen) return seen[#seen].loss end

local function claims(e, all, o)
  local constant, random, parts = {}, {}, {}
  for i, entry in ipairs(all) do
    table.insert(type(o.init[i]) == "number" and constant or random, entry)
    parts[i] = ("%s at most %s distinct of %d, loss %s"):format(entry.name,
      experiment.spread(entry.runs, most_distinct), o.width, experiment.spread(entry.runs, final))
  end
  local evidence = table.concat(parts, "; ")
  if #constant > 0 then
    e:claim {text = "units that begin equal stay equal", unit = "distinct units at most",
      threshold = "with every constant there is one distinct unit, all the time",
        evidence = evidence,
      each = function(k)
        local most = 0
        for _, entry in ipairs(constant) do most = math.max(most, most_distinct(entry.runs[k])) end
        return most, most == 1
      end}
  end
  if #constant > 0 and #random > 0 then
    e:claim {text = "such a net can do no more than one unit could", unit = "less loss",
      threshold = "each random initialisation ends with a loss at least 0.1 below that of each "
        .. "constant",
      each = function(k)
        local best, worst = math.huge, 0
        for _, entry in ipairs(constant) do best = math.min(best, final(entry.runs[k])) end
        for _, entry in ipairs(random) do worst = math.max(worst, final(entry.runs[k])) end
        return best - worst, worst <= best - 0.1
      end}
  end
end

--- lab.constant_init{init: {...} = {0, 0.5, "xavier_normal"}, width: integer = 8, steps: integer = 300, lr: number = 0.03, seeds: integer = 5} -> result
--- Whether the units of a hidden layer become different while a net learns, when all weights begin
--- with one value: equal units get equal gradients, so they never do, and the net can do no
--- more than one unit could.
---
--- An entry of init is a number (a constant), a name of nn.init or a function of a weight. The net
--- is 2-width-1 with tanh; the task, x1 x2 > 0, needs several units. rows: init, seed, step, loss,
--- distinct.
--- > r = lab.constant_init{steps = 20, seeds = 1}
--- > r.rows[1].init, r.rows[3].step, r.rows[3].distinct
--- constant 0	20	1
function M.constant_init(given)
  local e = experiment.new("lab.constant_init", given, {init = {0, 0.5, "xavier_normal"}, width = 8,
    steps = 300, lr = 0.03, every = 10})
  local o, all, plot = e.o, {}, require("gradus.plot")
  if type(o.init) ~= "table" then o.init = {o.init} end
  local runs = e:run(o.init, function(init) return train(init, o) end)
  for i, init in ipairs(o.init) do
    all[i] = {runs = runs[i], name = type(init) == "number" and ("constant %g"):format(init)
      or type(init) == "string" and init or "own"}
    for k, seen in ipairs(runs[i]) do
      for _, row in ipairs(seen) do
        row.init, row.seed = all[i].name, e.seeds[k]
        e:row(row)
      end
    end
  end
  claims(e, all, o)
  e:figure("units", plot.grid({curves(all, o, "distinct", "distinct units"),
    curves(all, o, "loss", "loss")}, {columns = 2, title = "units that begin equal",
    caption = "lines that lie on each other look like one: all constants stay at one unit"}))
  e:figure("weights", heats(all, o))
  return e:finish {name = "Units that begin equal stay equal",
    columns = {"init", "seed", "step", "loss", "distinct"},
    look = "the number of distinct units. Constants begin at 1 and stay there."}
end

return M
