-- SPDX-License-Identifier: GPL-3.0-or-later
-- Data that other plotters choke on: a picture, or one clear sentence; on gnuplot and as text.

local nan, inf = 0 / 0, 1 / 0

local function both(name, make)
  local ok, fig = pcall(make)
  if not ok then
    print(name .. ": " .. tostring(fig):gsub("^/[^:]*:%d+: ", ""))
    return
  end
  local saved, why = pcall(function()
    fig:save("x.png")
    fig:save("x.svg")
    fig:text()
    fig:text{columns = 30, rows = 8}
  end)
  print(name .. ": " .. (saved and (fig.caption or "fine") or "FAILED " .. tostring(why)))
end

both("empty curve", function() return plot.curve({}) end)
-- expect: empty curve: plot.curve: y is empty: there is nothing to draw
both("empty hist", function() return plot.hist({}) end)
-- expect: empty hist: plot.hist: data is empty: there is nothing to draw
both("empty matrix", function() return plot.heatmap({}) end)
-- expect: empty matrix: plot.heatmap: data: rows of numbers expected, a tensor (rows, columns) or {{1, 2}, {3, 4}}
both("ragged", function() return plot.heatmap({{1, 2}, {3}}) end)
-- expect: ragged: plot.heatmap: data: row 2 has 1 numbers, row 1 has 2
both("nothing", function() return plot.curve() end)
-- expect: nothing: plot.curve: expected (y), (x, y) or a list of {"name", y}
both("a word", function() return plot.hist("x") end)
-- expect: a word: plot.hist: data: numbers expected, a tensor or an array like {1, 2, 3}; got string
both("lengths", function() return plot.curve({1, 2}, {1, 2, 3}) end)
-- expect: lengths: plot.curve: x has 2 numbers, y has 3
both("all NaN", function() return plot.curve({nan, nan}) end)
-- expect: all NaN: all of 2 values are not finite (2 NaN, from no. 1 on)
both("all NaN hist", function() return plot.hist({nan, nan}) end)
-- expect: all NaN hist: all of 2 values are NaN or Inf
both("all NaN bars", function() return plot.bar({nan, nan}) end)
-- expect: all NaN bars: all of 2 values are not finite (2 NaN, from no. 1 on)
both("all NaN scatter", function() return plot.scatter({nan, nan}, {nan, nan}) end)
-- expect: all NaN scatter: all of 2 values are not finite (2 NaN, from no. 1 on). x: all of 2 values are not finite (2 NaN, from no. 1 on)
both("all NaN heat", function() return plot.heatmap({{nan, nan}, {nan, inf}}) end)
-- expect: all NaN heat: all of 4 values are not finite (3 NaN, 1 Inf, from no. 1 on)
both("all NaN surface", function() return plot.surface(function() return nan end, {n = 4}) end)
-- expect: all NaN surface: heights: all of 16 values are not finite (16 NaN, from no. 1 on)
both("some NaN", function() return plot.curve({1, nan, 3, 4, inf, 6}) end)
-- expect: some NaN: 2 of 6 values are not finite (1 NaN, 1 Inf, from no. 2 on)
both("some NaN heat", function() return plot.heatmap({{1, nan}, {3, 4}}) end)
-- expect: some NaN heat: 1 of 4 values are not finite (1 NaN, from no. 2 on)
both("Inf bars", function() return plot.bar({1, inf, -inf}) end)
-- expect: Inf bars: 2 of 3 values are not finite (2 Inf, from no. 2 on)
both("exploding", function() return plot.loss({1, 10, 1e10, 1e30, 1e300, inf, nan, nan}) end)
-- expect: exploding: 3 of 8 values are not finite (2 NaN, 1 Inf, from no. 6 on)
both("one point", function() return plot.curve({5}) end)
-- expect: one point: fine
both("one number", function() return plot.hist({5}) end)
-- expect: one number: 1 value, mean 5, std 0
both("constant", function() return plot.curve({5, 5, 5}) end)
-- expect: constant: fine
both("constant hist", function() return plot.hist({5, 5, 5}) end)
-- expect: constant hist: 3 values, mean 5, std 0
both("constant heat", function() return plot.heatmap({{1, 1}, {1, 1}}) end)
-- expect: constant heat: fine
both("one row", function() return plot.heatmap({{1, 2, 3}}) end)
-- expect: one row: fine
both("one cell", function() return plot.heatmap({{7}}) end)
-- expect: one cell: fine
both("constant surface", function() return plot.surface(function() return 1 end, {n = 5}) end)
-- expect: constant surface: fine
both("zero", function() return plot.curve({0, 0}) end)
-- expect: zero: fine
both("log of zero", function() return plot.curve({0, 0}, {ylog = true}) end)
-- expect: log of zero: all of 2 y values are zero or negative and have no place on a log axis
both("log of some zeros", function() return plot.curve({1, 0, -1, 10}, {ylog = true}) end)
-- expect: log of some zeros: 2 of 4 y values are zero or negative and have no place on a log axis
both("log x", function() return plot.curve({0, 1, 10}, {1, 2, 3}, {xlog = true}) end)
-- expect: log x: 1 of 3 x values are zero or negative and have no place on a log axis
both("log bars", function() return plot.bar({1, 0, 100}, {ylog = true}) end)
-- expect: log bars: 1 of 3 bar values are zero or negative and have no place on a log axis
both("log one", function() return plot.curve({3}, {ylog = true}) end)
-- expect: log one: fine
both("depth with zeros", function() return plot.depth({1, 0, 0}) end)
-- expect: depth with zeros: 2 of 3 std values are zero or negative and have no place on a log axis
both("tiny", function() return plot.curve({1e-310, 2e-310}) end)
-- expect: tiny: fine
both("tiny log", function() return plot.curve({1e-300, 1e-10}, {ylog = true}) end)
-- expect: tiny log: fine
both("huge", function() return plot.curve({-1e308, 1e308}) end)
-- expect: huge: fine
both("close together", function() return plot.curve({1, 1 + 1e-15}) end)
-- expect: close together: fine
both("layer of NaN", function() return plot.activations({{"1 Tanh", {nan, nan}, "Tanh"}, {"2", {1, 2}}}) end)
-- expect: layer of NaN: 1 Tanh: all of 2 values are NaN or Inf
both("dead layer", function() return plot.activations({{"1 ReLU", {0, 0}}, {"2 ReLU", {0, 0}}}) end)
-- expect: dead layer: fine
both("no layers", function() return plot.activations({}) end)
-- expect: no layers: plot.activations: a net (nn.Module), or a list {{"name", tensor}, ...}, expected; got table
both("empty class", function() return plot.confusion({{0, 0}, {1, 5}}) end)
-- expect: empty class: 5 of 6 right (83.3 %). Colour: share of the true class
nn.quiet("undefined")
both("one class only", function() return plot.roc({0, 0}, {1, 2}, {title = "x"}) end)
-- expect: one class only: plot.roc: one of the two classes has no samples; both are needed
both("no scores", function() return plot.roc({0, 1}) end)
-- expect: no scores: plot.roc: expected (truth, scores)
both("range", function() return plot.curve({1, 2}, {yrange = {nan, 2}}) end)
-- expect: range: plot.curve: yrange: {lowest, highest} expected; got {NaN, 2}
both("range turned round", function() return plot.curve({1, 2}, {yrange = {3, 1}}) end)
-- expect: range turned round: plot.curve: yrange: {lowest, highest} expected; got {3, 1}
both("log range", function() return plot.curve({1, 2}, {ylog = true, yrange = {0, 10}}) end)
-- expect: log range: fine
both("option", function() return plot.curve({1, 2}, {tilte = "x"}) end)
-- expect: option: plot.curve: unknown option 'tilte'. Did you mean 'title'? Options: caption, color, height, legend, name, points, title, width, xlabel, xlog, xrange, ylabel, ylog, yrange

-- Words that make no sense are answered by name, and what a function gives has to be a number.
both("no history", function() return plot.loss() end)
-- expect: no history: plot.loss: a history or a list of losses expected; got nothing
both("no numbers", function() return plot.depth() end)
-- expect: no numbers: plot.depth: a number per layer expected, a list or {{"name", list}, ...}; got nil
both("no schedule", function() return plot.schedule(4) end)
-- expect: no schedule: plot.schedule: a scheduler, a function of the epoch or a list of rates expected; got number
both("no data", function() return plot.boundary(function() end, 4) end)
-- expect: no data: plot.boundary: (net, data): data as {x = points, y = labels} expected; got number
both("no net", function() return plot.boundary(5, {{{1, 2}, {3, 4}}, {1, 2}}) end)
-- expect: no net: plot.boundary: a net or a function expected; got number
both("no score", function() return plot.fold_scores({}) end)
-- expect: no score: plot.fold_scores: scores is empty: there is nothing to draw
both("no height", function() return plot.contour(function() end) end)
-- expect: no height: plot.contour: the function has to give a number; it gave a nil
both("no value", function() return plot.curve(function() return "a" end) end)
-- expect: no value: plot.curve: the function has to give a number; it gave a string
both("a hole", function() return plot.contour(function(x, y) return x > 2.9 and nan or x * y end, {n = 20}) end)
-- expect: a hole: heights: 20 of 400 values are not finite (20 NaN, from no. 20 on)
both("only NaN", function() return plot.curve({nan}) end)
-- expect: only NaN: the only value is not finite (1 NaN)
-- Inf is a gap like NaN; a number between two gaps is a dot.
print((plot.curve({1, 1 / 0, 3, -1 / 0, 2, nan, 2}):text {ascii = true, rows = 12}:gsub("%s+\n", "\n")))
-- expect: y
-- expect: 3+                          x
-- expect:  |
-- expect:  |
-- expect: 2+                                                  x                      o
-- expect:  |
-- expect: 1+   x
-- expect:  +---+----------+-----------+-----------+-----------+-----------+----------+---
-- expect:      1          2           3           4           5           6          7
-- expect:                                         x
-- expect: 3 of 7 values are not finite (1 NaN, 2 Inf, from no. 2 on)

-- A million points, in time, the extremes kept.
local y = {}
for i = 1, 1000000 do y[i] = i % 1000 end
y[500001], y[700001] = 5000, nan
local begin = os.clock()
local fig = plot.curve(y)
fig:save("million.png")
print(os.clock() - begin < 10, fig.caption)
-- expect: true	1 of 1000000 values are not finite (1 NaN, from no. 700001 on)
local tx, ty = require("gradus.plot.values").thin(fig.marks[1].x, y)
local most, gaps = 0, 0
for i = 1, #ty do
  most = math.max(most, ty[i] == ty[i] and ty[i] // 1 | 0 or 0)
  if ty[i] ~= ty[i] then gaps = gaps + 1 end
end
print(#tx == #ty and #tx <= 7500, most, gaps)
-- expect: true	5000	1
-- A seed that overflows ends the band, here and in a drawing with characters; nothing else is shaded.
local two = plot.depth({{"a", {{1, 2, 3, 1 / 0}, {1, 3, 4, 5}}}})
local shaded, ended = 0, false
for line in (two:text {ascii = true, rows = 14} .. "\n"):gmatch("(.-)\n") do
  ended = ended or line:find("+---", 1, true) ~= nil
  if not ended and line:sub(55):find(".", 1, true) then shaded = shaded + 1 end
end
print(shaded, two.caption)
-- expect: 0	a: 1 of 4 values are not finite (1 Inf, from no. 4 on)
