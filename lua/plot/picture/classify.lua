-- SPDX-License-Identifier: GPL-3.0-or-later
-- Classifiers: ROC and precision-recall curves, decision boundaries.

local figure = require "gradus.plot.figure"
local make = require "gradus.plot.picture.make"
local basic = require "gradus.plot.picture.basic"
local values = require "gradus.plot.values"
local strict = require "gradus.strict"

local M = {}

-- (truth, scores, options), (a curve that metrics made, options) or a list of either with names.
local function runs_of(who, field, first, second, third)
  if make.is_named_list(first) then return first, second end
  if type(first) == "table" and rawget(first, field) then return {{nil, first}}, second end
  if second == nil then error(who .. ": expected (truth, scores)", 0) end
  return {{nil, first, second}}, third
end

-- The curve itself: made by metrics already, or to be made.
local function curve_of(who, run, field, compute)
  if type(run[2]) == "table" and rawget(run[2], field) then return run[2] end
  local ok, c = pcall(compute, run[2], run[3])
  if ok then return c end
  error(type(c) == "string" and c:gsub("^.*metrics%.[%l_]+: ", who .. ": ") or c, 0)
end

local function named(name, what, v)
  return ("%s%s %.3f"):format(name and name .. ", " or "", what, v)
end

-- Points on a curve of metrics where everything above a threshold is called positive, with its number.
local function points_at(marks, c, x, y, list, offset)
  local mark = {kind = "points", x = {}, y = {}, color = "alarm"}
  local words = {kind = "words", x = mark.x, y = mark.y, text = {}, align = "left", offset = offset}
  for i, threshold in ipairs(list or {}) do
    local k = 1
    while c.thresholds[k + 1] and c.thresholds[k + 1] > threshold do k = k + 1 end
    mark.x[i], mark.y[i], words.text[i] = x[k], y[k], " " .. values.show(threshold)
  end
  if list then table.move({words, mark}, 1, 2, #marks + 1, marks) end
end

local function dashes(o)
  local notes = figure.notes()
  notes:add("Dashed: guessing")
  notes:add(o.thresholds and "Points: where scores above the threshold count as positive" or nil)
  return notes
end

--- plot.roc(truth: tensor, scores: tensor, {thresholds: {number, ...}, title: string}) -> figure
--- The ROC curve of a binary classifier, with the area under it; the larger label is the positive
--- class, ties are one step. Also of what metrics.roc returns, and several as
--- `roc{{"net", truth, scores}, {"baseline", truth, scores}}`. With `thresholds` points show where
--- scores above them are called positive.
--- > plot.roc({1, 0, 1, 0}, {0.9, 0.8, 0.3, 0.1}).marks[2].name
--- area 0.750
function M.roc(...)
  local runs, o = runs_of("plot.roc", "fpr", ...)
  o = make.options("plot.roc", o, {xlabel = "false positive rate", ylabel = "true positive rate"},
    {"thresholds"})
  local marks = {{kind = "line", x = {0, 1}, y = {0, 1}, color = "dim", dash = true, width = 1.5}}
  local notes = dashes(o)
  for i, run in ipairs(runs) do
    local c = curve_of("plot.roc", run, "fpr", require("gradus.metrics").roc)
    if c.fpr[1] ~= c.fpr[1] or c.tpr[1] ~= c.tpr[1] then
      error("plot.roc: one of the two classes has no samples; both are needed", 2)
    end
    local area = 0
    for k = 2, #c.fpr do area = area + (c.fpr[k] - c.fpr[k - 1]) * (c.tpr[k] + c.tpr[k - 1]) / 2 end
    marks[#marks + 1] = {kind = "line", x = c.fpr, y = c.tpr, color = i,
      name = named(run[1], "area", area)}
    points_at(marks, c, c.fpr, c.tpr, o.thresholds, "0.8,-0.6")
  end
  return make.figure(o, {marks = marks, notes = notes, equal = "fine",
    x = {range = {-0.02, 1.02}}, y = {range = {-0.02, 1.02}}})
end

--- plot.pr(truth: tensor, scores: tensor, {thresholds: {number, ...}, title: string}) -> figure
--- Precision against recall, with the average precision; the dashed line is what guessing gives.
--- Also of what metrics.precision_recall returns, of several runs, and with `thresholds`, like `plot.roc`.
--- > plot.pr({1, 0, 1, 0}, {0.9, 0.8, 0.3, 0.1}).marks[2].name
--- average precision 0.833
function M.pr(...)
  local runs, o = runs_of("plot.pr", "recall", ...)
  o = make.options("plot.pr", o, {xlabel = "recall", ylabel = "precision"}, {"thresholds"})
  local marks, notes = {}, dashes(o)
  for i, run in ipairs(runs) do
    local c = curve_of("plot.pr", run, "recall", require("gradus.metrics").precision_recall)
    -- With everything called positive the precision is the share of the positive class.
    if i == 1 then marks[1] = {kind = "rule", y = c.precision[#c.precision], color = "dim"} end
    local average = 0
    for k = 2, #c.recall do average = average + (c.recall[k] - c.recall[k - 1]) * c.precision[k] end
    marks[#marks + 1] = {kind = "line", x = c.recall, y = c.precision, color = i,
      name = named(run[1], "average precision", average)}
    points_at(marks, c, c.recall, c.precision, o.thresholds, "0.3,0.7")
  end
  return make.figure(o, {marks = marks, notes = notes, x = {range = {-0.02, 1.02}},
    y = {range = {0, 1.03}}})
end

-- The columns of the data and its labels: {x =, y =}, {features, labels}, (x, labels) ...
local function points_of(set)
  local function find(...)
    for _, name in ipairs {...} do
      local v = strict.find(set, name)
      if v ~= nil then return v end
    end
  end
  values.record("plot.boundary: (net, data)", set, "data as {x = points, y = labels}")
  local x, labels = find("x", "X", "features", 1), find("y", "labels", "targets", 2)
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
  local is_net = type(net) ~= "function"
  if is_net and not (type(net) == "table" and strict.find(net, "named_parameters")) then
    error(("plot.boundary: a net or a function expected; got %s"):format(values.what(net)), 0)
  end
  local was = is_net and net.training
  if is_net then net:eval() end
  local ok, out = pcall(autograd.no_grad, function() return net(tensor(grid)) end)
  if was then net:train() end
  if not ok then error(out, 0) end
  if not values.is_tensor(out) then
    error(("plot.boundary: a tensor of outputs or a number expected; the function gave %s"):format(values.what(out)), 0)
  end
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
    o.classes or strict.find(data, "classes") or strict.find(data, "class_names"))) do marks[#marks + 1] = mark end
  return make.figure(o, {marks = marks, notes = notes, nogrid = true,
    x = {range = {x0, x1}}, y = {range = {y0, y1}}})
end

return M
