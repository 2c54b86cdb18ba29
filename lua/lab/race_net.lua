-- SPDX-License-Identifier: GPL-3.0-or-later
-- Optimisers on a small net: what lab.race{surface = "net"} runs.
--
-- Recipe, fixed before the first run. Digits, 64-32-10, ReLU, 300 steps of 32; ten optimisers,
-- momentum 0.9 and Nesterov 0.9, each at nine rates: a third to a half decade apart from 0.0003 to
-- 3 (Adadelta's own rate is 1). A run's loss is the mean over its last 20 steps. Best rate: the
-- lowest mean loss over seeds.
-- 1  momentum 0.9 at its best rate ends lower than plain descent at its best rate.
-- 2  at the same rate 0.01, momentum 0.9 ends lower than plain descent.
-- 3  Adam at its best rate ends lower than plain descent at its best rate.
-- 4  Adam forgives: the number of rates with 90 % of 360 held-out digits right at the end is larger
--    than that of plain descent.

local bands = require("gradus.lab.bands")
local experiment = require("gradus.lab.experiment")
local learn = require("gradus.lab.learn")

local M = {}

M.rates = {0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3}

M.optimisers = {"SGD", {"momentum", "SGD", {momentum = 0.9}},
  {"Nesterov", "SGD", {momentum = 0.9, nesterov = true}}, "Adagrad", "RMSprop", "Adadelta", "Adam",
  "AdamW", "Adamax", "NAdam", "RAdam"}

local function train(arm, o)
  local set, held = learn.digits()
  local net = learn.mlp {64, 32, 10}
  local given = {lr = arm.rate}
  for k, v in pairs(arm.entry.given) do given[k] = v end
  local run = {rate = arm.rate, entry = arm.entry}
  run.loss = learn.fit(net, set, {steps = o.steps, batch = 32,
    opt = arm.entry.class(net:parameters(), given)})
  run.final = learn.tail(run.loss, 20)
  if run.final ~= run.final then run.final = math.huge end
  run.accuracy = learn.accuracy(net, held)
  return run
end

-- Each optimiser's cells, and the one whose mean loss is lowest.
local function by_optimiser(cells, entries)
  local list = {}
  for i, entry in ipairs(entries) do
    local own = {entry = entry}
    for _, cell in ipairs(cells) do
      if cell.entry == entry then
        own[#own + 1] = cell
        local sum = 0
        for _, run in ipairs(cell.runs) do sum = sum + run.final / #cell.runs end
        if not own.least or sum < own.least then own.best, own.least = cell, sum end
      end
    end
    own.best = own.best or own[1]
    list[i], list[entry.name] = own, own
  end
  return list
end

local function usable(own, k)
  local n = 0
  for _, cell in ipairs(own) do
    if cell.runs[k].accuracy >= 0.9 then n = n + 1 end
  end
  return n
end

local function cell_at(own, rate)
  for _, cell in ipairs(own) do
    if math.abs(cell.rate - rate) < 1e-9 * rate then return cell end
  end
end

-- In the long run a step with momentum m is 1 / (1 - m) times as long: the losses of momentum beside those of plain
-- descent at so many times the rate, at momentum's best rate and the two below it.
local function alike(sgd, momentum)
  local longer, pairs_of = 1 / (1 - (momentum.entry.given.momentum or 0)), {}
  for _, cell in ipairs(momentum) do
    local other = cell.rate <= momentum.best.rate and cell_at(sgd, cell.rate * longer)
    if other and longer > 1 then
      pairs_of[#pairs_of + 1] = ("%s at %g against %s at %.3g"):format(experiment.spread(cell.runs,
        "final", "%.2g"), cell.rate, experiment.spread(other.runs, "final", "%.2g"), other.rate)
    end
  end
  if #pairs_of == 0 then return nil end
  return ("Momentum's steps are %.3g times as long in the long run. Beside plain descent at so many times its rate it "
    .. "ends at %s: what it gains is long steps that do not bounce, and where plain descent stands its longest "
    .. "ones, little is left to gain"):format(longer, table.concat(pairs_of, ", ", math.max(1, #pairs_of - 2)))
end

-- How low each ends in the seeds that fail, at the best rate of that very seed.
local function by_seed(e, a, b, x, y)
  local list = {}
  for k, seed in ipairs(e.seeds) do
    if not (y.runs[k].final < x.runs[k].final) then
      local low = {math.huge, math.huge}
      for i, own in ipairs {a, b} do
        for _, cell in ipairs(own) do low[i] = math.min(low[i], cell.runs[k].final) end
      end
      list[#list + 1] = ("seed %s: %.3g against %.3g, each at its best rate of that seed %.3g against "
        .. "%.3g"):format(seed, y.runs[k].final, x.runs[k].final, low[2], low[1])
    end
  end
  return table.concat(list, "; ")
end

-- Two optimisers compared: both at a rate or, without one, each at its best.
local function lower(e, a, b, text, rate)
  local function cell_of(own) return not rate and own.best or rate and cell_at(own, rate) end
  local x, y = cell_of(a), cell_of(b)
  if not (x and y) then return end
  local why = alike(a, b)
  e:claim {otherwise = by_seed(e, a, b, x, y) .. (why and ". " .. why or ""),
    text = text, threshold = "its loss over the last 20 steps is lower", unit = "of its loss",
    evidence = ("loss: %s %s at rate %g, %s %s at rate %g"):format(a.entry.name,
      experiment.spread(x.runs, "final"), x.rate, b.entry.name, experiment.spread(y.runs, "final"),
      y.rate),
    each = function(k)
      local ratio = y.runs[k].final / x.runs[k].final
      return ratio, ratio < 1
    end}
end

local function claims(e, list)
  local sgd, momentum, adam = list.SGD, list.momentum, list.Adam
  if sgd and momentum then
    lower(e, sgd, momentum, "at its best rate, momentum ends lower than plain descent at its own")
    lower(e, sgd, momentum, "at the rate 0.01, momentum ends lower than plain descent", 0.01)
  end
  if not (sgd and adam) then return end
  lower(e, sgd, adam, "at its best rate, Adam ends lower than plain descent at its own")
  local counts = {}
  for k = 1, #e.seeds do counts[k] = {sgd = usable(sgd, k), adam = usable(adam, k)} end
  e:claim {text = "Adam forgives a wrong rate more than plain descent", unit = "more usable rates",
    threshold = "it has more rates with 90 % of held-out digits right",
    evidence = ("usable rates of %d: plain descent %s, Adam %s"):format(#sgd,
      experiment.spread(counts, "sgd"), experiment.spread(counts, "adam")),
    otherwise = "each has about the same number of usable rates: Adam's are lower ones, and not "
      .. "wrong ones",
    each = function(k) return counts[k].adam - counts[k].sgd, counts[k].adam > counts[k].sgd end}
end

local function figures(e, list, o)
  local plot, panels, finals, labels, spread = require("gradus.plot"), {}, {}, {}, {}
  local half = math.ceil(#list / 2)
  for side = 1, #list > 6 and 2 or 1 do
    local loss, by_rate = {}, {}
    for i = side == 1 and 1 or half + 1, (side == 1 and #list > 6) and half or #list do
      local own, x, ends = list[i], {}, {}
      loss[#loss + 1] = {("%s %g"):format(own.entry.name, own.best.rate), bands.steps(o.steps, 1,
        1),
        bands.columns(own.best.runs, function(r) return bands.smooth(r.loss, 0.9) end)}
      for k = 1, #e.seeds do
        ends[k] = {}
        for j, cell in ipairs(own) do x[j], ends[k][j] = cell.rate, cell.runs[k].final end
      end
      by_rate[#by_rate + 1] = {own.entry.name, x, ends}
    end
    panels[2 * side - 1] = bands.curve(loss, {ylog = true, xlabel = "step",
      ylabel = "loss, smoothed",
      title = "each at its best rate", yrange = {0.005, 3}})
    panels[2 * side] = bands.curve(by_rate, {xlog = true, ylog = true, points = true,
      xlabel = "rate",
      ylabel = "loss at the end", title = "by rate", yrange = {0.005, 30}})
  end
  e:figure("net", plot.grid(panels, {columns = 2, width = 1500, height = 560 * #panels // 2 + 60,
    title = "optimisers on a small net"}))
  for i, own in ipairs(list) do
    labels[i] = ("%s, %g"):format(own.entry.name, own.best.rate)
    finals[i], spread[i] = experiment.moments(experiment.column(own.best.runs, function(r)
      return 100 * (1 - r.accuracy)
    end))
  end
  e:figure("errors", plot.bar(finals, {labels = labels, spread = spread, flat = true,
    ylabel = "% wrong, held out", title = "each at its best rate"}))
end

--- race_net.race(e: experiment, entries) -> result
--- entries are {name, class, given}; e.o has rates and steps.
function M.race(e, entries)
  local arms, o = {}, e.o
  for _, entry in ipairs(entries) do
    for _, rate in ipairs(o.rates) do
      arms[#arms + 1] = {entry = entry, rate = rate}
    end
  end
  local runs = e:run(arms, function(arm) return train(arm, o) end)
  for i, arm in ipairs(arms) do
    arm.runs = runs[i]
    for k, run in ipairs(runs[i]) do
      e:row {optimiser = arm.entry.name, rate = arm.rate, seed = e.seeds[k], loss = run.final,
        accuracy = run.accuracy}
    end
  end
  local list = by_optimiser(arms, entries)
  claims(e, list)
  figures(e, list, o)
  for _, own in ipairs(list) do
    e:note("%s: best at rate %g: loss %s after %d steps.", own.entry.name, own.best.rate,
      experiment.spread(own.best.runs, "final"), o.steps)
  end
  return e:finish {name = "A race on a small net", runs = arms,
    columns = {"optimiser", "rate", "seed", "loss", "accuracy"},
    look = "how far the best rates lie apart, and how little the best losses do."}
end

return M
