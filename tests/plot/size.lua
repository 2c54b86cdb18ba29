-- SPDX-License-Identifier: GPL-3.0-or-later
-- plot.size: one notion of how large pictures are, on every kind of screen.

local device = require "gradus.plot.device"
local output = require "gradus.plot.output"
local sizes = require "gradus.plot.size"

local fig = plot.curve({{"a", {1, 4, 9}}}, {title = "squares", points = true})
local grid = plot.grid({fig, fig, fig, fig, fig, fig, fig, fig, fig, fig, fig, fig, fig}, {columns = 1})
local square = plot.curve({1, 2}, {width = 600, height = 600})

-- Width and height of a png file, from its header.
local function pixels(f)
  f:save("x.png")
  local file = assert(io.open("x.png", "rb"))
  file:seek("set", 16)
  local w, h = string.unpack(">I4I4", file:read(8))
  file:close()
  return w, h
end

local function say(...) print(select(2, pcall(...))) end

print(plot.size().name, pixels(fig))
-- expect: usual	1280	720
print(pixels(square))
-- expect: 600	600
local before = device.terminal("pngcairo", fig, 1280, 720)
print(before:find("linewidth"), (fig:script():gsub("%s+", " "):match("ps [%d.]+")))
-- expect: nil	ps 1.1

-- Large: a picture for a projector, whatever the figure is; a shape of its own stays.
plot.size("large")
print(pixels(fig))
-- expect: 1920	1080
print(pixels(grid))
-- expect: 1920	1080
print(pixels(square))
-- expect: 1080	1080
-- A size given by hand counts.
fig:save("y.png", {width = 300, height = 200})
print(io.open("y.png", "rb"):read(24):sub(17) == string.pack(">I4I4", 300, 200))
-- expect: true

-- Letters: 25 pixels of 720 usually, a fifth more in proportion; lines twice as wide.
local function letters(text) return tonumber(text:match("font '[^,]*,([%d.]+)'")) end
local large = device.terminal("pngcairo", fig, 1280, 720)
print(("%.2f"):format(letters(large) / letters(before)), large:match("linewidth %d"))
-- expect: 1.20	linewidth 2
print(device.commands(fig, "pngcairo", 1280, 720):match("ps [%d.]+"))
-- expect: ps 1.55563
-- The Qt window takes no letters of a fraction of a point.
for _, name in ipairs {"qt", "wxt", "x11"} do
  print(name, math.type(letters(device.terminal(name, fig, 961, 541, nil, " 1"))))
end
-- expect: qt	integer
-- expect: wxt	integer
-- expect: x11	integer

-- A window: most of a projector's picture; usually three quarters of a file's.
local function window(f)
  device.window_text(f, "qt", {window = 9})
  local path = require("gradus.gnuplot").folder() .. "/w9.gp"
  return io.open(path):read("a"):match("size (%d+,%d+)")
end
print(window(fig))
-- expect: 1766,993
plot.size("usual")
print(window(fig))
-- expect: 960,540

-- A size of one's own begins from a named one.
plot.size{from = "large", width = 1366, height = 768, letters = 1.5}
print(pixels(fig))
-- expect: 1366	768
print(plot.size().letters, plot.size().lines, plot.size().fill)
-- expect: 1.5	2	true
-- What it gives out is a copy.
plot.size().width = 3
print(plot.size().width)
-- expect: 1366
say(plot.size, "huge")
-- expect: plot.size: 'usual', 'large' or a table expected; got 'huge'
say(plot.size, {widht = 3})
-- expect: plot.size: unknown option 'widht'. Did you mean 'width'? Options: fill, from, height, letters, lines, spare, width, window
say(plot.size, {letters = 0})
-- expect: plot.size: letters: a number from 0.2 to 5 expected; got 0
print((pcall(plot.size, {width = 0 / 0})))
-- expect: false
say(plot.size, {width = "wide"})
-- expect: plot.size: width: a number from 100 to 20000 expected; got wide
say(plot.size, {from = "tiny"})
-- expect: plot.size: from is 'usual' or 'large'; got 'tiny'

-- In text the whole terminal, but for the lines that are to stay free.
local screen = require "gradus.plot.screen"
local real = screen.size
screen.size = function() return {columns = 200, rows = 60, width = 0, height = 0} end
local function text_size()
  local columns, rows = output.text_size()
  return columns .. " x " .. rows
end
plot.size("usual")
print(text_size())
-- expect: 110 x 34
plot.size("large")
print(text_size())
-- expect: 199 x 58
plot.size{from = "large", spare = 5}
print(text_size())
-- expect: 199 x 55

-- What draws itself line by line, as activations do, takes the room, too.
local net = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 2))
local layers = plot.activations(net, tensor.randn(50, 4))
local function shape(text)
  local rows, widest = 0, 0
  for line in text:gmatch("[^\n]+") do rows, widest = rows + 1, math.max(widest, utf8.len(line)) end
  return rows > 20 and "many rows" or "few rows", widest > 180 and widest < 200
end
print(shape(output.terminal_text(layers)))
-- expect: many rows	true
plot.size("usual")
print(shape(output.terminal_text(layers)))
-- expect: few rows	false
screen.size = real

-- Held: whatever happens, the size is what it was.
local ok, why = pcall(function()
  local held <close> = sizes.hold() -- luacheck: ignore 211
  plot.size("large")
  error("out", 0)
end)
print(ok, why, plot.size().name)
-- expect: false	out	usual

-- Four panels on few lines: the labels of a row stay clear of the titles of the next one.
local panels = {}
for i = 1, 4 do
  panels[i] = plot.curve({{"one", {1, 2, 3}}, {"two", {3, 2, 1}}},
    {title = "title" .. i, xlabel = "xname", ylabel = "yname"})
end
local few = plot.grid(panels, {columns = 2, title = "all"})
few.caption = "a caption"
local text = few:text{columns = 80, rows = 15}
print(select(2, text:gsub("xname", "")), select(2, text:gsub("title%d", "")))
-- expect: 4	4

-- Grids join others, a row each where they have as many panels.
local function pair(title)
  return plot.grid({plot.curve({1, 2}, {title = "a"}), plot.curve({2, 1})}, {title = title})
end
local both = plot.grid{pair("before"), pair("after")}
print(#both.grid, both.columns, both.grid[1].title, both.grid[4].title) -- expect: 4	2	before, a	after
local mixed = plot.grid{pair("same"), plot.curve({1, 2}, {title = "alone"})}
print(#mixed.grid, mixed.columns, mixed.grid[3].title) -- expect: 3	nil	alone
print(plot.grid{pair(), pair()}.grid[1].title, pcall(plot.overlay, {pair()}))
-- expect: a	false	plot.overlay: entry 1 is a grid; one of its panels is fig.grid[1]
