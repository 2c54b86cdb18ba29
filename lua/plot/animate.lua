-- SPDX-License-Identifier: GPL-3.0-or-later
-- Animations as gif files.

local device = require "gradus.plot.device"
local figure = require "gradus.plot.figure"
local gnuplot = require "gradus.gnuplot"
local options = require "gradus.options"
local quote = require "gradus.plot.quote"
local screen = require "gradus.plot.screen"

local M = {}

-- A bar on standard error, only when someone looks; drawn ten times a second at most.
local function progress(total)
  local last, begin = 0, gnuplot.clock()
  local shown = screen.size().output and (os.getenv("TERM") or "dumb") ~= "dumb"
  return function(done)
    local now = gnuplot.clock()
    if not shown or (now - last < 0.1 and done < total) then return end
    last = now
    local filled = math.floor(30 * done / total)
    local bar = ("#"):rep(filled) .. ("."):rep(30 - filled)
    io.stderr:write(("\r%s %d/%d frames  %.0f s%s"):format(bar, done, total, now - begin,
      done == total and "\n" or ""))
    io.stderr:flush()
  end
end

-- Lists of figures and functions of the frame's number come to the same.
local function frames_of(frames, n)
  if type(frames) == "function" then
    if math.type(n) ~= "integer" or n < 1 then
      error("plot.animate: how many frames? Use plot.animate(path, n, function(i) ... end)", 3)
    end
    return frames, n
  end
  if type(frames) ~= "table" or #frames == 0 then
    error("plot.animate: a list of figures, or a number and a function, expected", 3)
  end
  return function(i) return frames[i] end, #frames
end

local function check_path(path)
  if type(path) ~= "string" or not path:lower():match("%.gif$") then
    error("plot.animate: a file name that ends in .gif expected", 3)
  end
  require("gradus.guest").check("plot.animate", path, "write")
end

local function checked(make)
  return function(i)
    local fig = make(i)
    if not figure.is_figure(fig) then
      error(("plot.animate: frame %d is no figure but a %s"):format(i, type(fig)), 0)
    end
    return fig
  end
end

-- One frame after the other, so that no text grows without end and Ctrl-C gets through.
local function draw_all(make, n, o, target)
  local show = progress(n)
  local width, height, first = o.width, o.height, make(1)
  gnuplot.run(table.concat({"unset multiplot", "set output", device.terminal("gif", first, width,
    height, o.theme, (" animate delay %d loop %d"):format(math.max(1, math.floor(100 / o.fps +
      0.5)), o.loop and 0 or 1)), "set output " .. quote.text(target)}, "\n"))
  for i = 1, n do
    gnuplot.run((device.commands(i == 1 and first or make(i), "gif", width, height, o.theme)))
    show(i)
  end
  gnuplot.run("set output\nset terminal unknown")
end

--- plot.animate(path: string, n: integer, frame: function, {fps: number = 10}) -> string
--- Writes a gif of n frames; frame(i) returns the i-th figure. `plot.animate(path, {fig, ...})`
--- takes a list. Fix `xrange` and `yrange` of the figures, or the axes jump.
--- > pcall(plot.animate, "x.png", {})
--- false	plot.animate: a file name that ends in .gif expected
function M.animate(path, n, frame, o)
  check_path(path)
  if type(n) == "table" then n, frame, o = nil, n, frame end
  o = options.read("plot.animate", o, {fps = 10, loop = true, width = 800, height = 500}, {"theme"})
  local make, count = frames_of(frame, n)
  local there, why = screen.has_gnuplot()
  if not there then error(why, 0) end
  local target = gnuplot.folder() .. "/animation"
  local ok, problem = pcall(draw_all, checked(make), count, o, target)
  pcall(gnuplot.run, "unset multiplot\nset output\nset terminal unknown", 5)
  local file = io.open(target, "rb")
  local bytes = file and file:read("a")
  if file then file:close() end
  os.remove(target)
  if not ok then error(problem, 0) end
  if not bytes or #bytes == 0 then error("plot.animate: gnuplot drew nothing", 0) end
  require("gradus.plot.output").write_file(path, bytes)
  return path
end

return M
