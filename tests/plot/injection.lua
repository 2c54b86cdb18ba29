-- SPDX-License-Identifier: GPL-3.0-or-later
-- No text of a user can run a command: each known way into gnuplot, tried in each place where a
-- user's words appear; then a fuzzer. No marker file may ever be made.

local gnuplot = require "gradus.gnuplot"

-- The commands would make the file `marker` here (each script runs in an empty folder).
local attacks = {
  "`touch marker`", "it's `touch marker`", "'`touch marker`", "''`touch marker`''",
  "a\n!touch marker", "a'\n!touch marker\n'", "a\r!touch marker", "a\\\n!touch marker",
  "\\'; !touch marker; '", "'; system('touch marker'); '", "'\nsystem 'touch marker'\n#",
  "'.system('touch marker').'", "\".system('touch marker').\"", "@{system('touch marker')}",
  "'; system 'touch marker'; '", "'; system 'touch marker' #", "' ; system \"touch marker\" #",
  "< touch marker", "|touch marker", "'|touch marker'", "$(touch marker)", "%`touch marker`%",
  "EOD\n!touch marker\nEOD", "EOD\n!touch marker", "\nEOD\n!touch marker\n",
  "{/Symbol `touch marker`}", "\"`touch marker`", "#{`touch marker`}", "a' lc rgb '`touch marker`",
  "\226\128\168!touch marker", "\194\133!touch marker", "\11!touch marker", "\12!touch marker",
  "'; set print '|touch marker'; print 1; '", "'; load '< touch marker'; '", "\27]0;x\7`touch marker`",
  "a\\", "a'\\", "\\`touch marker\\`", "%s%n`touch marker`", "\xff\xfe`touch marker`",
  ("x"):rep(5000) .. "'\n!touch marker", "'" .. ("\\"):rep(99) .. "`touch marker`",
}

-- Each place where words of a user stand.
local places = {
  title = function(s) return plot.curve({1, 2}, {title = s}) end,
  xlabel = function(s) return plot.curve({1, 2}, {xlabel = s}) end,
  ylabel = function(s) return plot.curve({1, 2}, {ylabel = s}) end,
  caption = function(s) return plot.curve({1, 2}, {caption = s}) end,
  legend = function(s) return plot.curve({{s, {1, 2}}, {s .. "2", {2, 1}}}) end,
  classes = function(s) return plot.confusion({{1, 0}, {0, 1}}, {classes = {s, "b"}}) end,
  watched = function(s)
    local row = {step = 0, mean = 0, std = 1, gradient_std = 1, update_ratio = 0.1}
    local w = {by_name = {}, layers = {{name = s, kind = s, steps = {row, row}}}}
    return plot.grid({plot.updates(w), plot.gradients(w), plot.activations(w).grid[1]}, {title = s})
  end,
  points = function(s) return plot.scatter({1, 2}, {1, 2}, {labels = {1, 2}, classes = {s, s}}) end,
  bars = function(s) return plot.bar({1, 2}, {labels = {s, "b"}}) end,
  images = function(s) return plot.images({{{1, 0}}, {{0, 1}}}, {labels = {s, "b"}}) end,
  heat = function(s) return plot.heatmap({{1, 2}}, {label = s, rows = {s}}) end,
  surface = function(s) return plot.surface(function(x) return x end, {n = 3, zlabel = s, title = s}) end,
  grid = function(s) return plot.grid({plot.curve({1, 2})}, {title = s, caption = s}) end,
  layers = function(s) return plot.weights({{s, {1, 2}}}) end,
  graph = function(s) return plot.graph({{name = s, op = s, value = 1}}) end,
  paths = function(s)
    return plot.contour(function(x) return x end, {n = 3, paths = {{s, {{0, 0}, {1, 1}}}}})
  end,
}
local names = {}
for name in pairs(places) do names[#names + 1] = name end
table.sort(names)

local function exists(path)
  local file = io.open(path, "rb")
  if file then file:close() end
  return file ~= nil
end

local bad = 0
local function try(place, text, ending)
  local ok, why = pcall(function() places[place](text):save("out." .. (ending or "svg")) end)
  if not ok and not tostring(why):find("zero byte", 1, true) then
    bad = bad + 1
    print("error", place, ("%q"):format(text:sub(1, 60)), why, gnuplot.reply():sub(1, 200))
  end
  if exists("marker") then
    bad = bad + 1
    os.remove("marker")
    print("RAN", place, ("%q"):format(text:sub(1, 60)))
  end
end

local pid
for _, text in ipairs(attacks) do
  for _, place in ipairs(names) do
    try(place, text)
    pid = pid or gnuplot.pid()
  end
end
print("attacks", bad, gnuplot.pid() == pid)
-- expect: attacks	0	true

-- A zero byte is refused with a sentence.
print(pcall(function() plot.curve({1}, {title = "a\0b"}):save("out.svg") end))
-- expect: false	a text in a picture has a zero byte in it

-- Names of files: taken as they are, never by gnuplot.
for _, path in ipairs {"|touch marker.svg", "< touch marker.svg", "`touch marker`.svg", "a'b.svg",
  "it's\n!touch marker.svg"} do
  local ok = pcall(function() plot.curve({1, 2}):save(path) end)
  if not ok or not exists(path) or exists("marker") then print("file", path) end
end
-- Data that are words.
print(pcall(plot.curve, {"`touch marker`"}))
-- expect: false	plot.curve: y: entry 1 is a string, not a number
print(pcall(plot.curve, {1, "1 2\nEOD\n!touch marker"}))
-- expect: false	plot.curve: y: entry 2 is a string, not a number
local strange = setmetatable({}, {__tostring = function() return "'\n!touch marker\n'" end})
plot.curve({1, 2}, {title = strange}):save("out.svg")
print(exists("marker"))
-- expect: false

-- A figure is a plain table that anybody, a lesson too, may make or change: no text in it, wherever it
-- is put, comes into the script outside of '...'. Every field of every picture is tried, and
-- those a mark may have.
local render = require "gradus.plot.render"
local optional = {"shape", "align", "offset", "color", "dash", "palette", "bar", "zlabel", "faint", "fill",
  "steps", "points", "size", "width", "name", "times", "bold", "surface", "equal", "bare", "box", "legend",
  "nogrid", "letters", "columns", "kind", "ticks", "range", "log", "reverse", "rotate", "whole", "label"}
local payload = "PAYLOAD\"`'PAYLOAD"

local function leaks(fig)
  local ok, script = pcall(render.script, fig, {width = 640, height = 480})
  return ok and script:gsub("'[^'\n]*'", ""):find("PAYLOAD", 1, true) ~= nil
end

local tried, leaking = 0, {}
local function with_payload(fig, t, name)
  local before = rawget(t, name)
  rawset(t, name, payload)
  if leaks(fig) then leaking[#leaking + 1] = tostring(name) end
  rawset(t, name, before)
  tried = tried + 1
end

local function try_fields(fig, t, seen)
  if seen[t] then return end
  seen[t] = true
  local fields = {}
  for name, v in pairs(t) do
    if type(name) == "string" or #t < 50 then fields[name] = v end
  end
  for _, name in ipairs(optional) do with_payload(fig, t, name) end
  for name, v in pairs(fields) do
    if type(v) == "table" then try_fields(fig, v, seen) else with_payload(fig, t, name) end
  end
end

for _, picture in ipairs {
  plot.curve({{"a", {1, 2}}, {"b", {2, 1}}}, {title = "t", xlabel = "x", points = true}),
  plot.scatter({1, 2}, {1, 2}, {labels = {1, 2}, classes = {"a", "b"}}), plot.bar({1, 2}, {labels = {"a", "b"}}),
  plot.heatmap({{1, 2}, {3, 4}}, {label = "l"}), plot.hist({1, 2, 2}), plot.graph({{name = "a", op = "b", value = 1}}),
  plot.surface(function(x) return x end, {n = 3}), plot.confusion({{1, 0}, {0, 1}}, {classes = {"a", "b"}}),
  plot.contour(function(x) return x end, {n = 3, paths = {{"a", {{0, 0}, {1, 1}}}}}),
  plot.grid({plot.curve({1, 2}), plot.roc({0, 1, 0, 1}, {0.1, 0.9, 0.4, 0.6}, {thresholds = {0.5}})}, {title = "g"})} do
  try_fields(picture, picture, {})
end
print("fields", tried > 1000, #leaking, table.concat(leaking, " ") .. ".")
-- expect: fields	true	0	.
local quotes = plot.scatter({1, 2, 3}, {1, 2, 3}, {labels = {1, 2, 3}, classes = {'"', "`", "'"}})
quotes:save("out.svg")
quotes.marks[1].shape = 'x" ; system("touch marker") #'
quotes:save("out.svg")
print(exists("marker"), gnuplot.reply() == "")
-- expect: false	true

-- A drawing with characters holds no control byte and nothing that is not UTF-8, wherever it stands.
local unclean = {}
for _, name in ipairs(names) do
  local ok, drawn = pcall(function() return places[name]("a\27[31m\r\nb\xff\xc2\7"):text() end)
  if not ok or drawn:find("[\1-\9\11-\31\127]") or not utf8.len(drawn) then unclean[#unclean + 1] = name end
end
print("clean", table.concat(unclean, " ") .. ".")
-- expect: clean	.

-- The fuzzer: pieces that mean something to gnuplot, in random order.
local pieces = {"'", "''", '"', "`", "touch marker", "\n", "\r", "\\", "\\\\", "!", ";", "|", "<", ">", "$", "@",
  "{", "}", "(", ")", "EOD", "$d1", "#", "%", "%d", " ", "a", "é", "\xff", "\t", "system", "print", "load",
  "set output", ",", ".", "\194\160", "\226\128\169", "\1", "\127", "«", "\n!touch marker\n", "`touch marker`",
  "plot sin(x)", "unset multiplot", "exit\n", "reset", "'\n", "\nEOD\n"}
-- A generator of its own, so that a failure can be repeated.
local seed = tonumber(os.getenv("FUZZ_SEED")) or 1
local function random(n)
  seed = (seed * 1103515245 + 12345) % 2147483648
  return seed // 65536 % n + 1
end
local rounds = tonumber(os.getenv("FUZZ_ROUNDS")) or 400
for _ = 1, rounds do
  local parts = {}
  for i = 1, random(12) do parts[i] = pieces[random(#pieces)] end
  try(names[random(#names)], table.concat(parts))
end
print("fuzzed", bad, gnuplot.pid() == pid)
-- expect: fuzzed	0	true
