-- SPDX-License-Identifier: GPL-3.0-or-later
-- Choosing the screen without a terminal, showing, and a machine without gnuplot.

local gnuplot = require "gradus.gnuplot"
local screen = require "gradus.plot.screen"

local fig = plot.curve({1, 4, 9}, {title = "squares"})

-- No terminal: a file, whose name is printed; the next one has the next name.
print(plot.terminal())
-- expect: png
fig:show()
-- expect: picture: picture-1.png
fig:show()
-- expect: picture: picture-2.png
print(plot.terminal("svg"))
-- expect: svg
fig:show()
-- expect: picture: picture-1.svg
print(io.open("picture-2.png", "rb"):read(4) == "\137PNG", io.open("picture-1.svg"):read(5))
-- expect: true	<?xml

-- A name that does not exist names the nearest.
print(pcall(plot.terminal, "sixle"))
-- expect: false	plot.terminal: no screen is called 'sixle'. Did you mean 'sixel'? Screens: auto, qt, wxt, x11, sixel, text, dumb, png, svg, pdf, gif, txt, none
print(pcall(plot.terminal, 3))
-- expect: false	plot.terminal: no screen is called '3'. Screens: auto, qt, wxt, x11, sixel, text, dumb, png, svg, pdf, gif, txt, none

-- As text: characters only, not one escape byte in a pipe.
plot.terminal("text")
local small = plot.bar({1, 2}, {labels = {"a", "b"}})
print(small:text{columns = 24, rows = 9}:find("\27") == nil)
-- expect: true
print(small:text{columns = 24, rows = 9})
-- expect: value
-- expect: 2┤            ▆▆▆▆▆▆▆▆
-- expect:  │            ████████
-- expect:  │ ▃▃▃▃▃▃▃▃   ████████
-- expect:  │ ████████   ████████
-- expect: 0┤ ████████   ████████
-- expect:  └─────┴─────────┴─────
-- expect:        a         b
print(small:text{columns = 24, rows = 8, ascii = true}:find("[\128-\255]") == nil)
-- expect: true

-- "none" makes the picture and shows nothing.
plot.terminal("none")
fig:show()

-- Files that cannot be written, endings that do not exist: one sentence each.
local function say(...)
  local ok, why = pcall(...)
  print(ok, why)
end
say(fig.save, fig, "no/such/folder/x.png")
-- expect: false	fig:save: cannot write 'no/such/folder/x.png': No such file or directory
say(fig.save, fig, "x.jpeg")
-- expect: false	fig:save: 'x.jpeg': the ending says what to write: .png, .svg, .pdf, .gif, .txt, .csv or .gp
say(fig.save, fig)
-- expect: false	fig:save: a file name expected, like fig:save("loss.png")
say(fig.save, fig, "x.png", {widht = 3})
-- expect: false	fig:save: unknown option 'widht'. Did you mean 'width'? Options: columns, height, rows, theme, width

-- The old file stays whole when the new one cannot be drawn.
fig:save("keep.svg")
local before = io.open("keep.svg"):read("a")
gnuplot.program("no-such-gnuplot")
screen.forget()
say(fig.save, fig, "keep.svg")
-- expect: false	gnuplot is not there: .svg files need it. Hint: sudo apt install gnuplot-nox (no-such-gnuplot does not start: No such file or directory)
print(io.open("keep.svg"):read("a") == before)
-- expect: true

-- Without gnuplot: text and csv are still written, pictures are drawn as text.
fig:save("x.txt")
fig:save("x.csv")
print(io.open("x.csv"):read("a"))
-- expect: panel,kind,name,x,y,z,lo,hi,text
-- expect: ,line,,1,1,,,,
-- expect: ,line,,2,4,,,,
-- expect: ,line,,3,9,,,,
-- expect:
say(plot.animate, "x.gif", {fig})
-- expect: false	gnuplot is not there, so pictures are drawn as text. Hint: sudo apt install gnuplot-nox (no-such-gnuplot does not start: No such file or directory)
io.stderr = {write = function(_, ...) print("told: " .. table.concat({...}):gsub("\n", "")) end} -- luacheck: ignore
plot.terminal("auto")
fig:show()
-- expect: told: gnuplot is not there, so pictures are drawn as text. Hint: sudo apt install gnuplot-nox (no-such-gnuplot does not start: No such file or directory)
-- expect: picture: picture-1.txt
fig:show()
-- expect: picture: picture-2.txt

-- A window without a display that answers is not tried: a sentence, and another way.
gnuplot.program()
screen.forget()
io.stderr = {write = function(_, text) print(text:match("^no window: ")) end} -- luacheck: ignore
plot.terminal("qt")
print(screen.is_window(plot.terminal()))
-- expect: no window:
-- expect: false

-- A live picture with no screen to draw on leaves one file; it costs a training nothing.
plot.terminal("png")
local live = plot.live {title = "loss"}
local begin = os.clock()
for i = 1, 20000 do live:add("train", 1 / i) end
live:add(20000, {valid = 0.5, train = 0.1})
print(os.clock() - begin < 1)
-- expect: true
print(#live:close().marks, live.frames)
-- expect: picture: picture-3.png
-- expect: 2	0

-- Animations.
print(plot.animate("a.gif", 3, function(i) return plot.curve({1, i}, {yrange = {0, 4}}) end, {width = 200,
  height = 120}))
-- expect: a.gif
local gif, images = io.open("a.gif", "rb"):read("a"), 0
for _ in gif:gmatch("\33\249\4") do images = images + 1 end
print(gif:sub(1, 6), images)
-- expect: GIF89a	3
say(plot.animate, "a.gif", 2, function() return 3 end)
-- expect: false	plot.animate: frame 1 is no figure but a number
