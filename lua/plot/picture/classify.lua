-- SPDX-License-Identifier: GPL-3.0-or-later
-- Classifiers: ROC and precision-recall curves, decision boundaries.

local figure = require "gradus.plot.figure"
local make = require "gradus.plot.picture.make"
local basic = require "gradus.plot.picture.basic"
local values = require "gradus.plot.values"

local M = {}

-- Indices with the highest score first, and how many are positive.
local function ranked(who, scores, labels)
  scores, labels = values.list(who, scores, "scores"), values.list(who, labels, "labels")
  if #scores ~= #labels then
    error(("%s: %d scores, but %d labels"):format(who, #scores, #labels), 0)
  end
  local positives = 0
  for i = 1, #labels do
    if scores[i] ~= scores[i] then error(("%s: score %d is NaN"):format(who, i), 0) end
    if labels[i] ~= 0 and labels[i] ~= 1 then
      error(("%s: label %d is %s; labels are 0 (negative) and 1 (positive)"):format(who, i,
        values.show(labels[i])), 0)
    end
    positives = positives + labels[i]
  end
  if positives == 0 or positives == #labels then
    error(("%s: all labels are %s: both classes are needed"):format(who, values.show(labels[1])), 0)
  end
  local order = values.count(#scores)
  table.sort(order, function(a, b)
    if scores[a] ~= scores[b] then return scores[a] > scores[b] end
    return a < b
  end)
  return order, scores, labels, positives
end

-- Calls visit(true positives, false positives) after each group of equal scores.
local function walk(order, scores, labels, visit)
  local tp, fp = 0, 0
  for k, i in ipairs(order) do
    tp, fp = tp + labels[i], fp + 1 - labels[i]
    local following = order[k + 1]
    if not following or scores[following] ~= scores[i] then visit(tp, fp) end
  end
end

local function roc_points(scores, labels)
  local order, s, l, positives = ranked("plot.roc", scores, labels)
  local x, y, area = {0}, {0}, 0
  walk(order, s, l, function(tp, fp)
    local k = #x + 1
    x[k], y[k] = fp / (#l - positives), tp / positives
    area = area + (x[k] - x[k - 1]) * (y[k] + y[k - 1]) / 2
  end)
  return x, y, area
end

local function pr_points(scores, labels)
  local order, s, l, positives = ranked("plot.pr", scores, labels)
  local x, y, average = {0}, {1}, 0
  walk(order, s, l, function(tp, fp)
    local k = #x + 1
    x[k], y[k] = tp / positives, tp / (tp + fp)
    average = average + (x[k] - x[k - 1]) * y[k]
  end)
  return x, y, average, positives / #l
end

-- (scores, labels, options) or ({{"name", scores, labels}, ...}, options)
local function runs_of(who, ...)
  local first, second, third = ...
  if make.is_named_list(first) then return first, second end
  if second == nil then error(who .. ": expected (scores, labels)", 0) end
  return {{nil, first, second}}, third
end

local function named(name, what, v)
  return ("%s%s %.3f"):format(name and name .. ", " or "", what, v)
end

--- plot.roc(scores: tensor, labels: tensor, {title: string}) -> figure
--- The ROC curve of a binary classifier, with its area; ties are one step. Labels are 0 and 1.
--- Several as `roc{{"net", scores, labels}, {"baseline", scores, labels}}`.
--- > plot.roc({0.9, 0.8, 0.3, 0.1}, {1, 0, 1, 0}).marks[2].name
--- area 0.750
function M.roc(...)
  local runs, o = runs_of("plot.roc", ...)
  o = make.options("plot.roc", o, {xlabel = "false positive rate", ylabel = "true positive rate"})
  local marks = {{kind = "line", x = {0, 1}, y = {0, 1}, color = "dim", dash = true, width = 1.5}}
  for i, run in ipairs(runs) do
    local x, y, area = roc_points(run[2], run[3])
    marks[#marks + 1] = {kind = "line", x = x, y = y, color = i, name = named(run[1], "area", area)}
  end
  return make.figure("plot.roc", o, {marks = marks, equal = true,
    x = {range = {-0.02, 1.02}}, y = {range = {-0.02, 1.02}}})
end

--- plot.pr(scores: tensor, labels: tensor, {title: string}) -> figure
--- Precision against recall, with the average precision; the dashed line is what guessing gives.
--- > plot.pr({0.9, 0.8, 0.3, 0.1}, {1, 0, 1, 0}).marks[2].name
--- average precision 0.833
function M.pr(...)
  local runs, o = runs_of("plot.pr", ...)
  o = make.options("plot.pr", o, {xlabel = "recall", ylabel = "precision"})
  local marks = {}
  for i, run in ipairs(runs) do
    local x, y, average, share = pr_points(run[2], run[3])
    if i == 1 then
      marks[1] = {kind = "rule", y = share, color = "dim"}
    end
    marks[#marks + 1] = {kind = "line", x = x, y = y, color = i,
      name = named(run[1], "average precision", average)}
  end
  return make.figure("plot.pr", o, {marks = marks, x = {range = {-0.02, 1.02}},
    y = {range = {0, 1.03}}})
end

-- The columns of the data and its labels: {x =, y =}, {features, labels}, (x, labels) ...
local function points_of(set)
  local x = set.x or set.X or set.features or set[1]
  local labels = set.y or set.labels or set.targets or set[2]
  local rows = values.matrix("plot.boundary", x, "data")
  if #rows[1] ~= 2 then
    error(("plot.boundary: the data have %d features; a plane has 2"):format(#rows[1]), 0)
  end
  local a, b = {}, {}
  for i, row in ipairs(rows) do a[i], b[i] = row[1], row[2] end
  return a, b, labels and values.list("plot.boundary", labels, "labels")
end

local function padded(list)
  local lo, hi = values.extent(list)
  local pad = (hi - lo) * 0.08 + 1e-9
  return lo - pad, hi + pad
end

-- The net's outputs for every place of the grid, rows from low to high b.
local function ask_net(net, grid)
  local tensor, autograd = require "gradus.tensor", require "gradus.autograd"
  local was = net.training
  if type(net) ~= "function" and net.eval then net:eval() end
  local ok, out = pcall(autograd.no_grad, function() return net(tensor(grid)) end)
  if type(net) ~= "function" and was then net:train() end
  if not ok then error(out, 0) end
  return out:totable()
end

local function largest(list)
  local best = 1
  for k = 2, #list do
    if list[k] > list[best] then best = k end
  end
  return best
end

local function plane(x0, x1, y0, y1, n)
  local points = {}
  for i = 0, n - 1 do
    for j = 0, n - 1 do
      points[#points + 1] = {x0 + (x1 - x0) * j / (n - 1), y0 + (y1 - y0) * i / (n - 1)}
    end
  end
  return points
end

-- A class (several outputs), or one score (one output), for each point.
local function outputs(net, points)
  if type(net) == "function" then
    local ok, v = pcall(net, points[1][1], points[1][2])
    if ok and type(v) == "number" then
      local list = {}
      for i, p in ipairs(points) do list[i] = net(p[1], p[2]) end
      return list, 1
    end
  end
  local list, width = ask_net(net, points), 1
  if type(list[1]) == "table" then width = #list[1] end
  for i, v in ipairs(list) do
    if width > 1 then list[i] = largest(v) elseif type(v) == "table" then list[i] = v[1] end
  end
  return list, width
end

local function rows_of(list, n)
  local z = {}
  for i = 1, n do z[i] = table.move(list, (i - 1) * n + 1, i * n, 1, {}) end
  return z
end

-- One output is a logit or a probability: the border is at 0 or at 1/2.
local function border_of(list)
  local lo, hi = values.extent(list)
  return lo and lo >= 0 and hi <= 1 and 0.5 or 0
end

--- plot.boundary(net, data, {n: integer = 120, classes: {string, ...}}) -> figure
--- What a classifier of two features decides everywhere in the plane, with the data on it. `net` is
--- a module or a function of a tensor (n, 2), with an output per class or one score; or a function
--- of two numbers. `data` is a data set, {x = ..., y = labels} or {x, labels}.
--- > fig = plot.boundary(function(a, b) return a - b end, {{{0, 1}, {1, 0}}, {1, 2}}, {n = 4})
--- > #fig.marks[1].z
--- 4
function M.boundary(net, data, o)
  o = make.options("plot.boundary", o, {n = 120, xlabel = "feature 1", ylabel = "feature 2"},
    {"classes"})
  local a, b, labels = points_of(data)
  local x0, x1 = padded(a)
  local y0, y1 = padded(b)
  if o.xrange then x0, x1 = o.xrange[1], o.xrange[2] end
  if o.yrange then y0, y1 = o.yrange[1], o.yrange[2] end
  local list, width = outputs(net, plane(x0, x1, y0, y1, o.n))
  local notes = figure.notes()
  notes:add(values.note(list, "the net's outputs"))
  local marks, z = {}, rows_of(list, o.n)
  local px, py = make.plane(x0, x1, o.n), make.plane(y0, y1, o.n)
  if width == 1 then
    local border = border_of(list)
    local lo, hi = values.extent(list)
    local most = lo and math.max(hi - border, border - lo) or 1
    marks[1] = {kind = "cells", z = z, x = px, y = py, palette = "sides",
      range = {border - most, border + most}}
    local lines = require("gradus.plot.contours").lines(z, px, py, border)
    marks[2] = {kind = "line", x = lines.x, y = lines.y, color = "text", width = 2.5}
  else
    marks[1] = {kind = "cells", z = z, x = px, y = py, palette = "soft", range = {1, 8}}
  end
  for _, mark in ipairs(basic.by_class("plot.boundary", a, b, labels,
    o.classes or data.classes or data.class_names)) do marks[#marks + 1] = mark end
  return make.figure("plot.boundary", o, {marks = marks, notes = notes, nogrid = true,
    x = {range = {x0, x1}}, y = {range = {y0, y1}}})
end

return M
