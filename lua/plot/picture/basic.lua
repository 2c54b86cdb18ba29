-- SPDX-License-Identifier: GPL-3.0-or-later
-- Curves, points, histograms, bars.

local figure = require "gradus.plot.figure"
local forms = require "gradus.plot.picture.forms"
local make = require "gradus.plot.picture.make"
local summary = require "gradus.plot.summary"
local values = require "gradus.plot.values"

local M = {}

-- Every series gets a colour; what is not finite is said in the caption.
local function add_notes(notes, list, fig_x, fig_y)
  local xs, ys = {}, {}
  for i, s in ipairs(list) do
    notes:add(values.note(s.y, s.name))
    notes:add(values.note(s.x, (s.name and s.name .. ", x" or "x")))
    xs[i], ys[i] = s.x, s.y
  end
  notes:add(figure.log_note(fig_y, ys, "y"))
  notes:add(figure.log_note(fig_x, xs, "x"))
end

-- A function is drawn at n places of a range.
local function sample(f, from, to, n)
  local x, y = {}, {}
  for i = 1, n do
    x[i] = from + (to - from) * (i - 1) / (n - 1)
    y[i] = make.value("plot.curve", f(x[i]))
  end
  return x, y
end

local function functions(given, o)
  local list = type(given) == "function" and {{nil, given}} or given
  if o ~= nil then values.record("plot.curve", o, "options like {xrange = {-1, 1}} after the function") end
  local range = o and o.xrange and forms.check("plot.curve", {xrange = o.xrange}).xrange or {}
  local from, to = range[1] or math.min(-5, (range[2] or 5) - 10), range[2] or math.max(5, (range[1] or -5) + 10)
  for i, entry in ipairs(list) do
    local x, y = sample(entry[2], from, to, 400)
    list[i] = {name = entry[1], x = x, y = y}
  end
  return list
end

local function is_functions(v)
  return type(v) == "function" or (make.is_named_list(v) and type(v[1][2]) == "function")
end

local function copy(list)
  if type(list) ~= "table" then return list end
  local new = {}
  for i, v in ipairs(list) do new[i] = v end
  return new
end

-- Ticks at the places where all curves of a list were measured, if these are few and wide apart.
local function measured(list)
  local x, ticks = list[1].x, {}
  if #x > 9 then return nil end
  for i, at in ipairs(x) do
    for _, s in ipairs(list) do
      if s.x[i] ~= at or #s.x ~= #x then return nil end
    end
    if at <= 0 or i > 1 and math.log(at / x[i - 1]) < math.log(x[#x] / x[1]) / 12 then return nil end
    ticks[i] = {at, values.show(at)}
  end
  return ticks
end

--- plot.curve(y: tensor | {number, ...}, {xlabel: string, ylabel: string, ylog: boolean}) -> figure
--- Draws curves: `curve(y)`, `curve(x, y)`, several as `curve{{"sgd", y1}, {"adam", x, y2}}`, or
--- functions over `xrange`: `curve(math.sin, {xrange = {0, 6}})`.
---
--- Options: title xlabel ylabel xlog ylog xrange yrange caption legend width height, as for every
--- picture, and points (dots on the curve), name. Numbers that are not finite are gaps; a red
--- cross marks the last point before one. With dots and `xlog` a few measured places are the ticks.
--- > fig = plot.curve({1, 4, 9, 16}, {title = "squares"})
--- > fig.title
--- squares
--- > plot.curve({1, 0 / 0, 3}).caption
--- 1 of 3 values are not finite (1 NaN, from no. 2 on)
function M.curve(...)
  local given = ...
  local list, o
  if is_functions(given) then
    o = select(2, ...)
    list = functions(copy(given), o)
  else
    list, o = make.series("plot.curve", ...)
  end
  o = make.options("plot.curve", o, {points = false, xlabel = "x", ylabel = "y"}, {"name", "color"})
  local marks, notes = {}, figure.notes()
  for i, s in ipairs(list) do
    marks[i] = {kind = "line", x = s.x, y = s.y, name = s.name or o.name, color = o.color or i,
      points = o.points, lost = true}
  end
  add_notes(notes, list, {log = o.xlog}, {log = o.ylog})
  return make.figure(o, {marks = marks, notes = notes,
    x = {ticks = o.points and o.xlog and not o.xrange and measured(list) or nil}})
end

--- plot.scatter(x: tensor, y: tensor, {labels: tensor, classes: {string, ...}}) -> figure
--- Draws points: `scatter(x, y)`, or the rows of one (n, 2) tensor, `scatter(points)`. With
--- `labels` (1..C) each class has its colour and shape; with `values` the colour tells a third
--- number, which `label` names.
--- > plot.scatter({1, 2, 3}, {3, 1, 2}).marks[1].kind
--- points
function M.scatter(...)
  local first, second, third = ...
  local x, y, o
  local two = second ~= nil and values.is_data(second)
  if two and (values.is_tensor(second) or second[1] ~= nil) then
    x, y = values.list("plot.scatter", first, "x"), values.list("plot.scatter", second, "y")
    o = third
  elseif make.is_named_list(first) then
    return M.clouds(first, second)
  else
    x, y, o = {}, {}, second
    for i, row in ipairs(values.matrix("plot.scatter", first, "points")) do
      if #row < 2 then error("plot.scatter: points: rows of two numbers expected", 0) end
      x[i], y[i] = row[1], row[2]
    end
  end
  if #x ~= #y then
    error(("plot.scatter: x has %d numbers, y has %d"):format(#x, #y), 0)
  end
  o = make.options("plot.scatter", o, {xlabel = "x", ylabel = "y"},
    {"labels", "classes", "equal", "name", "values", "label"})
  local marks = M.by_class("plot.scatter", x, y, o.labels, o.classes, o.name)
  if type(marks[1].shape) == "string" and o.legend == nil then o.legend = false end
  local notes = figure.notes()
  add_notes(notes, {{x = x, y = y}}, {log = o.xlog}, {log = o.ylog})
  if o.values then
    marks = {{kind = "points", x = x, y = y, bar = o.label or "value",
      values = values.list("plot.scatter", o.values, "values")}}
    if #marks[1].values ~= #x then
      error(("plot.scatter: %d points, but %d values"):format(#x, #marks[1].values), 0)
    end
    notes:add(values.note(marks[1].values, "values"))
  end
  return make.figure(o, {marks = marks, notes = notes, equal = o.equal})
end

--- Several clouds with names: {{"train", x, y}, {"test", x, y}}.
function M.clouds(given, o)
  local list = make.series("plot.scatter", given)
  o = make.options("plot.scatter", o, {xlabel = "x", ylabel = "y"}, {"equal"})
  local marks, notes = {}, figure.notes()
  for i, s in ipairs(list) do
    marks[i] = {kind = "points", x = s.x, y = s.y, name = s.name, color = i, shape = i}
  end
  add_notes(notes, list, {log = o.xlog}, {log = o.ylog})
  return make.figure(o, {marks = marks, notes = notes, equal = o.equal})
end

-- With more classes than there are shapes, those of one letter or digit each are drawn as it.
local function all_letters(classes, n)
  for i = 1, n > 6 and n or 0 do
    if not tostring(classes and classes[i]):match("^%w$") then return false end
  end
  return n > 6
end

--- The marks for points in classes 1..C (0 and 1 are taken as they are).
function M.by_class(who, x, y, labels, classes, name)
  if not labels then return {{kind = "points", x = x, y = y, name = name, color = 1}} end
  labels = values.list(who, labels, "labels")
  if #labels ~= #x then
    error(("%s: %d points, but %d labels"):format(who, #x, #labels), 0)
  end
  local groups, order = {}, {}
  for i, label in ipairs(labels) do
    if not groups[label] then
      groups[label] = {x = {}, y = {}}
      order[#order + 1] = label
    end
    table.insert(groups[label].x, x[i])
    table.insert(groups[label].y, y[i])
  end
  table.sort(order)
  local marks, letters = {}, all_letters(classes, #order)
  for i, label in ipairs(order) do
    local known = classes and classes[order[1] == 0 and label + 1 or label]
    marks[i] = {kind = "points", x = groups[label].x, y = groups[label].y, color = i,
      shape = letters and tostring(known) or i, name = tostring(known or ("class " .. values.show(label)))}
  end
  return marks
end

-- One histogram: bars. Several over each other: half transparent.
local function hist_mark(s, i, several, o, lo, hi)
  local counts = summary.counts(s, lo, hi, o.bins)
  local width, at = (hi - lo) / o.bins, {}
  for b = 1, o.bins do
    at[b] = lo + (b - 0.5) * width
    if o.density then counts[b] = counts[b] / (math.max(1, s.good) * width) end
  end
  return {kind = "bars", at = at, height = counts, width = width, color = i, name = s.name,
    alpha = several and 0.45 or 0.85, overlay = i > 1 and i or nil}
end

--- plot.hist(x: tensor | {number, ...}, {bins: integer = 40, density: boolean = false}) -> figure
--- A histogram; several over each other as `hist{{"before", x}, {"after", y}}`. The caption
--- gives mean and standard deviation.
--- > plot.hist({1, 2, 2, 3, 3, 3}, {bins = 3}).caption
--- 6 values, mean 2.333, std 0.8165
function M.hist(given, o)
  o = make.options("plot.hist", o, {bins = 40, density = false, xlabel = "value"})
  if math.type(o.bins) ~= "integer" or o.bins < 1 or o.bins > 10000 then
    error("plot.hist: bins: a whole number from 1 to 10000 expected", 2)
  end
  local rows, notes, marks, lo, hi = {}, figure.notes(), {}, nil, nil
  for i, entry in ipairs(make.is_named_list(given) and given or {{nil, given}}) do
    local s = summary.of("plot.hist", entry[1], entry[2])
    rows[i] = s
    if s.good > 0 then
      lo, hi = math.min(lo or s.lo, s.lo), math.max(hi or s.hi, s.hi)
      notes:add(("%s%d value%s, mean %s, std %s"):format(s.name and s.name .. ": " or "", s.n,
        s.n == 1 and "" or "s",
        values.show(s.mean), values.show(s.std)))
    end
    notes:add(summary.note(s))
  end
  local range = o.xrange or {}
  lo, hi = summary.bin_range(range[1] or lo, range[2] or hi)
  for i, s in ipairs(rows) do marks[i] = hist_mark(s, i, #rows > 1, o, lo, hi) end
  return make.figure(o, {marks = marks, notes = notes,
    y = {label = o.density and "density" or "count"}})
end

-- Groups of bars side by side when there are several series.
local function bar_marks(list, o)
  local marks, width = {}, 0.8 / #list
  for i, s in ipairs(list) do
    local at = {}
    for k = 1, #s.y do at[k] = k + (i - (#list + 1) / 2) * width end
    marks[i] = {kind = "bars", at = at, height = s.y, width = width * 0.92, color = o.color or i,
      name = s.name, flat = o.flat, group = i}
    local spread = o.spread and (values.is_tensor(o.spread) and o.spread:totable() or o.spread)
    if spread and #list > 1 then spread = spread[i] end -- a list a series
    if spread then
      spread = values.list("plot.bar", spread, "spread")
      local lo, hi = {}, {}
      for k = 1, #s.y do lo[k], hi[k] = s.y[k] - (spread[k] or 0), s.y[k] + (spread[k] or 0) end
      marks[i].lo, marks[i].hi = lo, hi
    end
  end
  return marks
end

--- plot.bar(heights: tensor | {number, ...}, {labels: {string, ...}, flat: boolean}) -> figure
--- Bars with names below them; several series as `bar{{"train", y1}, {"test", y2}}`; `spread`
--- draws whiskers of that length both ways (of several series: a list of lists), `flat = true` lays the bars
--- on their side.
--- > plot.bar({0.9, 0.7}, {labels = {"train", "test"}}).x.ticks[2][2]
--- test
function M.bar(given, o)
  local list = make.is_named_list(given) and make.series("plot.bar", given)
    or {{y = values.list("plot.bar", given, "heights")}}
  o = make.options("plot.bar", o, {flat = false, xlabel = "", ylabel = "value"},
    {"labels", "spread", "color"})
  local notes, ticks = figure.notes(), {}
  for _, s in ipairs(list) do
    notes:add(values.note(s.y, s.name))
    notes:add(figure.log_note({log = o.ylog}, {s.y}, s.name or "bar"))
  end
  local longest = 0
  for i, label in ipairs(o.labels or {}) do
    ticks[i] = {i, tostring(label)}
    longest = math.max(longest, #tostring(label))
  end
  local names = {ticks = #ticks > 0 and ticks or nil, label = o.xlabel, whole = true}
  names.rotate = not o.flat and longest * #ticks > 80
  local fields = {marks = bar_marks(list, o), notes = notes, nogrid = false, x = names,
    y = {label = o.ylabel}}
  if o.flat then
    fields.x, fields.y = {label = o.ylabel}, {label = o.xlabel, ticks = names.ticks, reverse = true, whole = true}
    o.xlabel, o.ylabel = o.ylabel, o.xlabel
  end
  return make.figure(o, fields)
end

--- plot.fit(x: tensor, y: tensor, {curve: {x, y}, band: {lo, hi}}) -> figure
--- Data as points with a fitted curve and a band around it: `curve = {cx, cy}`, or
--- several, `curves = {{"width 2", cx, cy}, ...}`; `band = {lo, hi}` at the first curve's x;
--- `truth` a curve drawn with dashes.
--- > #plot.fit({1, 2}, {1, 2}, {curve = {{1, 2}, {1.1, 1.9}}, band = {{1, 1.8}, {1.2, 2}}}).marks
--- 3
function M.fit(x, y, o)
  local who = "plot.fit"
  o = make.options(who, o, {xlabel = "x", ylabel = "y"},
    {"curve", "curves", "band", "truth", "name", "band_name"})
  x, y = values.list(who, x, "x"), values.list(who, y, "y")
  local curves = o.curves or (o.curve and {{o.name or "fit", o.curve[1], o.curve[2]}} or {})
  local marks, notes, list = {}, figure.notes(), make.is_named_list(curves) and
    make.series("plot.fit", curves) or {}
  make.same(who, "x", x, "y", y)
  if o.band and list[1] then
    marks[1] = {kind = "band", x = list[1].x, lo = values.list(who, o.band[1], "band"),
      hi = values.list(who, o.band[2], "band"), color = 2, name = o.band_name or "band"}
    make.same(who, "the curve", marks[1].x, "the band's lower edge", marks[1].lo)
    make.same(who, "the curve", marks[1].x, "the band's upper edge", marks[1].hi)
  end
  marks[#marks + 1] = {kind = "points", x = x, y = y, name = "data", color = 1}
  if o.truth then
    local tx, ty = values.list(who, o.truth[1], "truth, x"), values.list(who, o.truth[2], "truth, y")
    make.same(who, "truth: x", tx, "y", ty)
    marks[#marks + 1] = {kind = "line", x = tx, y = ty, name = "truth", color = "dim", dash = true}
  end
  for i, s in ipairs(list) do
    marks[#marks + 1] = {kind = "line", x = s.x, y = s.y, name = s.name, color = i + 1, lost = true}
  end
  add_notes(notes, list, {}, {})
  notes:add(values.note(y, "data"))
  return make.figure(o, {marks = marks, notes = notes})
end

return M
