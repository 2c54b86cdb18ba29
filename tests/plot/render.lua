-- SPDX-License-Identifier: GPL-3.0-or-later
-- Every picture by the real gnuplot to each kind of file, without one error, and as text.

local gnuplot = require "gradus.gnuplot"
local folder = debug.getinfo(1, "S").source:match("^@(.*/)") or "./"
local pictures = dofile(folder .. "pictures.lua")

local begins = {png = "\137PNG", svg = "<?xml", pdf = "%PDF", gif = "GIF8", txt = nil, csv = "panel,kind",
  gp = "set encoding utf8"}

local function head(path)
  local file = assert(io.open(path, "rb"))
  local bytes = file:read("a")
  file:close()
  return bytes
end

local wrong = 0
local function check(ok, ...)
  if not ok then
    wrong = wrong + 1
    print(...)
  end
end

for _, picture in ipairs(pictures) do
  local name, fig = picture[1], picture[2]
  for _, kind in ipairs {"png", "svg", "pdf", "gif", "txt", "csv", "gp"} do
    local path = name .. "." .. kind
    local ok, why = pcall(fig.save, fig, path)
    check(ok, path, why, gnuplot.reply())
    -- Images have gaps between them, which gnuplot remarks upon.
    local words = gnuplot.reply():gsub("[^\n]*matrix contains missing[^\n]*\n*", "")
    check(words == "", path, "gnuplot said", words)
    local bytes = ok and head(path) or ""
    check(#bytes > 40, path, "only", #bytes)
    local start = begins[kind]
    check(not start or bytes:sub(1, #start) == start, path, bytes:sub(1, 20))
  end
  local ok, why = pcall(function()
    plot.theme("dark")
    fig:save(name .. "-dark.png", {width = 640, height = 360})
    plot.theme("light")
  end)
  check(ok, name, "dark", why)
end
print(#pictures, wrong)
-- expect: 53	0

-- The script alone, given to gnuplot by hand, draws the same.
local script = pictures[1][2]:script()
print(#gnuplot.run("set terminal svg\nset output 'by-hand.svg'\n" .. script .. "set output"))
-- expect: 0
print(head("by-hand.svg"):match("two curves"))
-- expect: two curves
-- All of it by one process.
print(gnuplot.starts == nil and gnuplot.pid() ~= nil)
-- expect: true
-- Windows that are white whatever one asks for get the dark background drawn.
local script_of = require("gradus.plot.render").script
local one = plot.curve({1, 2})
local size = {width = 800, height = 500}
local function has_backdrop(o)
  for k, v in pairs(size) do o[k] = v end
  return script_of(one, o):find("set object 999 rectangle from screen 0,0 to screen 1,1 behind fc rgb '#15191f'", 1, true) ~= nil
end
print(has_backdrop {backdrop = true, theme = "dark"}, has_backdrop {backdrop = true, theme = "light"}, has_backdrop {theme = "dark"})
-- expect: true	false	false
-- A gif of one palette has exact colours; more palettes than its 256 colours hold are drawn all the same.
local function gif_white(name) return head(name):sub(14, 13 + 768):find("\255\255\255", 1, true) ~= nil end
local panels = {}
for i = 1, 9 do panels[i] = plot.heatmap({{1, 2, i}, {3, 4, 5}}, {diverging = i % 2 == 0}) end
plot.grid(panels):save("nine.gif")
panels[1]:save("one.gif")
print(gif_white("one.gif"), head("nine.gif"):sub(1, 4))
-- expect: true	GIF8
print(plot.animate("late.gif", 3, function(i) return i == 1 and plot.curve({1, 2}) or i == 2 and panels[1] or plot.grid(panels) end))
-- expect: late.gif

-- The x11 terminal is told of no encoding as long as Latin-1 does: on a server without fonts for it, it would say after each
-- picture that a window was closed.
local latin = require("gradus.plot.quote").latin
print((latin("10⁻³ 10¹² x² é ’"):gsub("[\128-\255]", function(c) return ("<%d>"):format(c:byte()) end)))
-- expect: 1e-3 1e12 x<178> <233> <180>
print(latin("α 10⁵"), latin("α 10⁵", true))
-- expect: nil	? 1e5
for _, case in ipairs {{"é", "some"}, {"α", "some"}, {"α", "all"}} do
  local text = script_of(plot.curve({1, 2}, {title = case[1]}), {width = 800, height = 500, plain = case[2]})
  print(text:match("set encoding (%w+)"), text:find("[\128-\255]") ~= nil)
end
-- expect: default	true
-- expect: utf8	true
-- expect: default	false

-- What viewers of an svg make of it: a bold font has a name they know, cells of a small matrix are rectangles, which nobody
-- smooths; larger ones are an image that asks not to be smoothed.
local svg = head("heatmap.svg")
print(svg:find(":Bold", 1, true), svg:find('font-weight="bold"', 1, true) ~= nil, svg:find("<image", 1, true))
-- expect: nil	true	nil
plot.contour(function(x, y) return x * y end, {n = 60}):save("contour.svg")
print(head("contour.svg"):find('<image style="image-rendering', 1, true) ~= nil)
-- expect: true

-- Sixel and gif have no dashes: the curve is cut into pieces; equally long ones, also on a log axis, and round corners.
local cut = require("gradus.plot.dashes").cut
for _, case in ipairs {{{0, 1}, {0.5, 0.5}, {x = {0, 1}, y = {0, 1}}, {}}, {{1, 10, 100}, {0, 0, 0}, {x = {1, 100}, y = {0, 1}}, {log = true}},
  {{0, 1, 1, 0}, {0, 0, 1, 1}, {x = {0, 1}, y = {0, 1}}, {}}} do
  local dx, dy = cut(case[1], case[2], case[3], {x = case[4], y = {}})
  local pieces, drawn = 0, 0
  local function at(v) return case[4].log and math.log(v, 100) or v end
  for i = 2, #dx do
    if dx[i] ~= dx[i] and dx[i - 1] == dx[i - 1] then pieces = pieces + 1 end
    local long = math.abs(at(dx[i]) - at(dx[i - 1])) * 1.7 + math.abs(dy[i] - dy[i - 1])
    if long == long then drawn = drawn + long end
  end
  print(pieces, ("%.1f"):format(drawn))
end
-- expect: 45	1.0
-- expect: 45	1.0
-- expect: 116	2.6
print(#cut({0, 0 / 0, 1}, {0, 0, 0}, {x = {0, 1}, y = {0, 1}}, {x = {}, y = {}}), #cut({1}, {1}, {x = {0, 1}, y = {0, 1}}, {x = {}, y = {}}))
-- expect: 2	0
