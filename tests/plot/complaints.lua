-- SPDX-License-Identifier: GPL-3.0-or-later
-- What users of Torch's gnuplot package complained of, each as a test. (The terminal's side, over SSH and with
-- windows, is in terminal_test.py and window_test.py.)
local gnuplot = require "gradus.gnuplot"
gnuplot.persist(false)

-- How many processes of that name have the same parent as a process.
local function siblings(pid, name)
  local pipe, parents, found = io.popen("cat /proc/[0-9]*/stat 2>/dev/null"), {}, {}
  for line in pipe:lines() do
    local id, called, parent = line:match("^(%d+) %((.-)%) %a (%d+)")
    if id then parents[tonumber(id)] = parent end
    if called == name then found[#found + 1] = parent end
  end
  pipe:close()
  local n = 0
  for _, parent in ipairs(found) do if parent == parents[pid] then n = n + 1 end end
  return n
end

-- "terminal is not set" on a fresh install: nothing is set here, and a picture is drawn.
plot.curve({1, 4, 9}):show()                         -- expect: picture: picture-1.png
print(plot.terminal())                               -- expect: png

-- A process a figure, until the pipes run out: fifty figures on several screens are one process.
local pid = gnuplot.pid()
for i = 1, 50 do
  local fig = plot.curve({1, i, 9}, {title = "figure " .. i})
  if i % 2 == 0 then fig:save("figure.svg") else fig:text() end
end
for kind in ("png pdf gif"):gmatch("%S+") do plot.hist({1, 2, 2, 3}):save("figure." .. kind) end
print(gnuplot.pid() == pid)                          -- expect: true
print(siblings(pid, "gnuplot"))  -- expect: 1

-- Errors that go to /dev/null: gnuplot's own words come back as an error, and the next picture is drawn.
print(pcall(gnuplot.run, "plot sin(x) with no_such_style"))
-- expect: false	gnuplot: unrecognized plot type
print(pcall(function() plot.curve({1, 2}):save("/no/such/folder/x.png") end))
-- expect: false	fig:save: cannot write '/no/such/folder/x.png': No such file or directory
plot.curve({1, 2}):save("after.png")
print(gnuplot.pid() == pid, io.open("after.png", "rb"):read(4) == "\137PNG")  -- expect: true	true

-- No multiplot: four pictures in one, in every format.
local four = plot.grid({plot.curve({1, 2}), plot.bar({1, 2}), plot.hist({1, 2, 2}), plot.scatter({1, 2}, {2, 1})})
for kind in ("png svg pdf txt"):gmatch("%S+") do four:save("four." .. kind) end
local _, panels = four:script():gsub("set origin", "")
print(panels, four:script():find("set multiplot", 1, true) ~= nil)  -- expect: 4	true

-- A missing program kills the caller with SIGPIPE: here it is one sentence, and a picture as text.
gnuplot.program("no-such-gnuplot")
require("gradus.plot.screen").forget()
require("gradus.plot.screen").tell = print
local fig = plot.bar({1, 2}, {labels = {"a", "b"}})
fig:show()
-- expect: gnuplot is not there, so pictures are drawn as text. Hint: sudo apt install gnuplot-nox (no-such-gnuplot does not start: No such file or directory)
-- expect: picture: picture-1.txt
print((pcall(fig.save, fig, "x.png")), #fig:text() > 100)  -- expect: false	true
