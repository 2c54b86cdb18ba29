-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every picture of everything that somebody may hand to it, and with every option set to what it is not: a picture, or
-- a sentence of ours; never an error of Lua or gnuplot from inside the library.

nn.quiet("undefined")
local nan, inf = 0 / 0, 1 / 0
local function nothing() end
local net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 2))
local things = {
  {}, tensor.zeros(0), tensor.zeros(0, 2), {nan, nan}, tensor {nan, nan}, {1, nan, inf, -inf, 3}, {5}, 5, tensor(5),
  {2, 2, 2}, "abc", net, nothing, true, tensor.randn(3, 3), tensor.randn(2, 3, 3), {x = tensor.randn(9, 2), y = {1}},
  {"a", "b"}, {1, "a"}, {{1, 2}, {3}}, {{nan, nan}, {nan, nan}}, {{"a", {}}, {"b", {nan}}}, {{"a", 5}}, {{"a"}},
  plot.curve {1, 2}, {foo = 1}, {1e308, -1e308}, {1e-320, 2e-320}, {-1, -2}, {0, 0}, coroutine.create(nothing),
  nn.Linear(2, 2), optim.SGD(net:parameters(), {lr = 0.1}), {net, net}, {{1, 0}, {0, 1}},
}
local values = {"str", 0, -3, 2.5, nan, inf, true, false, {}, {1}, {"a", "b"}, {2, 1}, {1, 1}, {nan, 1}, tensor {1, 2},
  net, nothing, {{}}, {{"a"}}, {{"a", {1, 2}}}, 1e9}
local options = {}
for name in ("title xlabel ylabel xlog ylog xrange yrange caption legend width height bins labels classes equal " ..
  "label numbers rows columns diverging palette range smooth names steps thresholds spread n levels paths path scale " ..
  "biases curve curves band truth name band_name log normalize density points flat turn zlabel x y score values"):gmatch("%S+") do
  options[#options + 1] = name
end

-- A call of each that is right but for one option.
local right = {
  curve = {{1, 2, 3}}, hist = {{1, 2, 2, 3}}, scatter = {{1, 2, 3}, {1, 2, 3}}, bar = {{1, 2, 3}}, heatmap = {{{1, 2}, {3, 4}}},
  image = {{{1, 2}, {3, 4}}}, images = {{{{1, 2}, {3, 4}}, {{1, 2}, {3, 4}}}}, confusion = {{{1, 2}, {3, 4}}}, loss = {{1, 2, 3}},
  schedule = {function(t) return 1 / (t + 1) end}, depth = {{1, 2, 3}}, fold_scores = {{1, 2, 3}}, importance = {{1, 2, 3}},
  roc = {{1, 0, 1, 0}, {0.9, 0.8, 0.3, 0.1}}, pr = {{1, 0, 1, 0}, {0.9, 0.8, 0.3, 0.1}},
  scores = {{x = {1, 2}, train = {1, 2}, valid = {1, 2}}}, find_lr = {{lr = {1, 2}, loss = {1, 2}}},
  search = {{{lr = 1, reg = 2, score = 3}, {lr = 1, reg = 2, score = 3}, names = {"lr", "reg"}}},
  boundary = {function(a, b) return a - b end, {{{0, 1}, {1, 0}}, {1, 2}}}, contour = {function(a, b) return a * b end},
  surface = {function(a, b) return a * b end}, activations = {{{"a", {1, 2, 3}}, {"b", {1, 2}}}},
  gradients = {{{"a", {1, 2, 3}}, {"b", {1, 2}}}}, weights = {{{"a", {1, 2, 3}}, {"b", {1, 2}}}}, graph = {{{name = "a", value = 1}}},
  fit = {{1, 2, 3}, {1, 2, 3}}, grid = {{plot.curve {1, 2}, plot.curve {1, 2}}}, overlay = {{plot.curve {1, 2}, plot.curve {2, 1}}},
  updates = {},
}
local names = {}
for name, v in pairs(plot) do
  if type(v) == "function" then names[#names + 1] = name end
end
table.sort(names)

local calls, found = 0, {}
local function use(name, ...)
  calls = calls + 1
  local ok, fig = pcall(plot[name], ...)
  local why = fig
  if ok then ok, why = pcall(function() fig:text {columns = 40, rows = 10} fig:script() end) end
  why = not ok and tostring(why) or ""
  for _, words in ipairs {"attempt to", "bad argument", "no field or method", "memory", "index is", "stack"} do
    if why:find(words, 1, true) and not found[name .. words] then
      found[name .. words] = true
      print(name, why)
    end
  end
end

for _, name in ipairs(names) do
  if right[name] then
    for _, thing in ipairs(things) do
      use(name, thing)
      use(name, thing, {title = "t"})
      use(name, thing, thing)
      use(name, net, thing)
      use(name, {1, 2, 3}, thing)
      use(name, {1, 0, 1}, {0.5, 0.2, 0.3}, thing)
    end
    local given = right[name]
    for _, option in ipairs(options) do
      for _, v in ipairs(values) do
        local args = {table.unpack(given)}
        args[#given + 1] = {[option] = v}
        -- Most are refused before anything is computed; what is drawn on a plane is drawn coarsely.
        if (name == "contour" or name == "surface" or name == "boundary") and option ~= "n" then args[#given + 1].n = 6 end
        use(name, table.unpack(args))
      end
    end
  elseif not ({terminal = 1, theme = 1, size = 1, live = 1, animate = 1, close = 1})[name] then
    print("no call of plot." .. name)
  end
end
print(calls > 30000)
-- expect: true

-- Figures that were made or changed by hand.
local function by_hand(fields) print(select(2, pcall(function() return setmetatable(fields, plot.Figure):script() end))) end
by_hand {}                         -- expect: a figure: the tables marks, x and y expected, as plot.curve makes them
by_hand {marks = {5}, x = {}, y = {}}   -- expect: a figure: mark 1 is a number
by_hand {marks = {{kind = "lines"}}, x = {}, y = {}}
-- expect: a figure: no mark is of the kind 'lines'. Kinds: line points band bars cells rgb words boxes arrows rule surface
by_hand {marks = {{kind = "line", x = {1}}}, x = {}, y = {}}  -- expect: a figure: line: y: a list of numbers expected; got nil
by_hand {marks = {{kind = "line", x = {1}, y = {1, 2}}}, x = {}, y = {}}  -- expect: a figure: line: y has 2 numbers where 1 belong
by_hand {marks = {{kind = "points", x = {"1"}, y = {1}}}, x = {}, y = {}}
-- expect: a figure: points: x: entry 1 is a string, not a number
by_hand {marks = {{kind = "cells", z = {{1, 2}, {3}}}}, x = {}, y = {}}
-- expect: a figure: cells: z: row 2 has 1 numbers where 2 belong
local fig = plot.curve {1, 2}
print(pcall(fig.save, fig, "x.png", {width = 1e9}))
-- expect: false	fig:save: width: a number from 100 to 32000 expected; got 1000000000.0
print(pcall(fig.save, fig, "x.png", {theme = "drak"}))  -- expect: false	theme: there are 'light' and 'dark'; got 'drak'
print(pcall(fig.text, fig, {columns = "a"}))  -- expect: false	fig:text: columns: a number from 4 to 1000 expected; got a
