-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a figure can do: show itself, save itself, give its gnuplot script.

local device = require "gradus.plot.device"
local figure = require "gradus.plot.figure"
local gnuplot = require "gradus.gnuplot"
local options = require "gradus.options"
local render = require "gradus.plot.render"
local screen = require "gradus.plot.screen"
local sizes = require "gradus.plot.size"
local text = require "gradus.plot.text"

local M = {}

local Figure = figure.Figure

-- Written beside the old file and put in its place when whole.
local function write_file(path, bytes)
  local part = path .. ".part"
  local file, why = io.open(part, "wb")
  if not file then error(("fig:save: cannot write '%s': %s"):format(path, why:match("[^:]*$"):gsub("^ ", "")), 0) end
  local ok = file:write(bytes)
  ok = file:close() and ok
  if ok then ok, why = os.rename(part, path) end
  if not ok then
    os.remove(part)
    error(("fig:save: cannot write '%s': %s"):format(path, why or "no space left"), 0)
  end
end

M.write_file = write_file

-- Pixels or characters that a picture can have.
local function check_sizes(who, least, most, sizes_given)
  for name, v in pairs(sizes_given) do
    if type(v) ~= "number" or not (v >= least and v <= most) then
      error(("%s: %s: a number from %d to %d expected; got %s"):format(who, name, least, most, tostring(v)), 0)
    end
  end
end

local function with_gnuplot(kind)
  return function(fig, o)
    local there, why = screen.has_gnuplot()
    local terminal = there and screen.terminal_of(kind)
    if not there then error(why:gsub(", so.-%.", ": ." .. kind .. " files need it."), 0) end
    if not terminal then
      error(("fig:save: this gnuplot cannot write .%s files"):format(kind), 0)
    end
    local width, height = sizes.of(fig, render.size(fig))
    width, height = o.width or width, o.height or height
    check_sizes("fig:save", 100, 32000, {width = width, height = height})
    return device.bytes(fig, terminal, width, height, o.theme)
  end
end

-- The ending of a file's name and the bytes for it.
local writers = {
  png = with_gnuplot "png", svg = with_gnuplot "svg", pdf = with_gnuplot "pdf",
  gif = with_gnuplot "gif",
  txt = function(fig, o)
    check_sizes("fig:save", 10, 1000, {columns = o.columns, rows = o.rows})
    return text.draw(fig, {columns = o.columns, rows = o.rows}) .. "\n"
  end,
  csv = function(fig) return require("gradus.plot.csv").text(fig) end,
  gp = function(fig, o) return fig:script(o) end,
}

--- Figure:save(path: string, {width: integer, height: integer, theme: string}) -> Figure
--- Writes the figure to a file; the ending says how: png, svg, pdf, gif, txt (drawn with
--- characters), csv (the numbers), gp (a gnuplot script).
---
--- The size is in pixels; 1280 x 720 if neither given nor set by `plot.size`.
--- > name = os.tmpname() .. ".csv"
--- > fig = plot.curve({1, 4, 9}):save(name)
--- > os.remove(name)
--- true
function Figure:save(path, o)
  o = options.read("fig:save", o, {columns = 80, rows = 24}, {"width", "height", "theme"})
  if type(path) ~= "string" or path == "" or path:find("\0", 1, true) then
    error("fig:save: a file name expected, like fig:save(\"loss.png\")", 2)
  end
  require("gradus.guest").check("fig:save", path, "write")
  local ending = (path:match("%.(%w+)$") or ""):lower()
  if not writers[ending] then
    error(("fig:save: '%s': the ending says what to write: .png, .svg, .pdf, .gif, .txt, .csv " ..
      "or .gp"):format(path), 2)
  end
  write_file(path, writers[ending](self, o))
  return self
end

--- Figure:script({theme: string}) -> string
--- The gnuplot commands that draw the figure, data included: to be saved, changed and given to
--- gnuplot by hand.
--- > plot.curve({1, 4, 9}):script():match("plot [^\n]*")
--- plot $d1 using 1:2 with lines lc rgb '#0072b2' lw 3.2 notitle
function Figure:script(o)
  o = options.read("fig:script", o, {}, {"theme", "width", "height", "columns", "rows"})
  local width, height = render.size(self)
  width, height = o.width or width, o.height or height
  check_sizes("fig:script", 100, 32000, {width = width, height = height})
  return (render.script(self, {width = width, height = height, theme = o.theme}))
end

--- Figure:text({columns: integer = 80, rows: integer = 24}) -> string
--- The figure drawn with characters, without any colour.
--- > plot.bar({2, 1}, {labels = {"a", "b"}}):text{columns = 24, rows = 9}:match("█") ~= nil
--- true
function Figure:text(o)
  o = options.read("fig:text", o, {columns = 80, rows = 24, ascii = false}, {"mode"})
  check_sizes("fig:text", 4, 1000, {columns = o.columns, rows = o.rows})
  return text.draw(self, o)
end

--- The size of a drawing with characters that leaves room for the prompt; with `plot.size("large")` all
--- that there is.
function M.text_size()
  local s = screen.size()
  local columns = s.columns > 0 and s.columns or 80
  local rows = s.rows > 0 and s.rows or 24
  if sizes.current.fill then
    return math.max(20, columns - 1), math.max(6, rows - (sizes.current.spare or 2))
  end
  return math.max(20, math.min(columns - 1, 110)), math.max(8, math.min(rows - 2, 34))
end

--- The lines of a figure for the terminal, with the colours it can show; `spare` lines of the
--- screen stay free.
function M.terminal_text(fig, spare)
  local columns, rows = M.text_size()
  rows = math.max(rows - (spare or 0), 4)
  return text.draw(fig, {columns = columns, rows = rows, mode = screen.mode(),
    ascii = screen.ascii(), fill = sizes.current.fill})
end

local function say(bytes)
  io.stdout:write(bytes)
  io.stdout:flush()
end

local function show_text(fig)
  say(M.terminal_text(fig) .. "\n")
end

local function exists(path)
  local file = io.open(path, "rb")
  if file then file:close() end
  return file ~= nil
end

-- The next free name: picture-1.png, picture-2.png, ...
local last_number = {}

local function free_name(kind)
  local n = last_number[kind] or 0
  repeat n = n + 1 until not exists(("picture-%d.%s"):format(n, kind))
  last_number[kind] = n
  return ("picture-%d.%s"):format(n, kind)
end

local function show_file(fig, kind)
  local path = free_name(kind)
  fig:save(path)
  say(("picture: %s\n"):format(path))
end

-- A gnuplot that does not answer in time or dies is not the figure's fault.
local function is_trouble(message)
  return message:find("did not answer", 1, true) or message:find("ended unexpectedly", 1, true)
end

local function or_text(fig, draw)
  local ok, why = pcall(draw)
  if ok then return end
  if not is_trouble(tostring(why)) then error(why, 0) end
  if screen.is_window(screen.now()) then screen.window_failed() end
  screen.tell(tostring(why) .. ". The picture is drawn as text")
  show_text(fig)
end

local function show_window(fig, name, o)
  or_text(fig, function()
    device.window(fig, name, {window = o.window, theme = o.theme, raise = o.raise})
  end)
end

local function show_sixel(fig)
  or_text(fig, function() say(device.sixel(fig, 1.8) .. "\n") end)
end

-- gnuplot's own drawing with characters begins with a form feed.
local function show_dumb(fig)
  local columns, rows = M.text_size()
  or_text(fig, function()
    say((device.bytes(fig, "dumb", columns, rows, nil, 1.8):gsub("\f", "")) .. "\n")
  end)
end

--- Figure:show({window: integer = 1, theme: string})
--- Shows the figure on the screen that `plot.terminal()` names: a window, a picture or text in
--- the terminal, or a file whose name is printed. At the prompt a figure shows itself.
--- > plot.terminal("none");
--- > plot.curve({1, 4, 9}):show()
--- > plot.terminal("auto");
function Figure:show(o)
  o = options.read("fig:show", o, {window = 1, raise = true}, {"theme"})
  local name = screen.now()
  if name == "none" then
    self:script()
  elseif screen.is_window(name) then
    show_window(self, name, o)
  elseif name == "sixel" then
    show_sixel(self)
  elseif name == "dumb" then
    show_dumb(self)
  elseif screen.is_file(name) then
    show_file(self, name)
  else
    show_text(self)
  end
end

--- What the prompt calls to show a result.
Figure.__show = Figure.show

--- Printed, a figure is its drawing with characters.
Figure.__tostring = function(fig)
  return text.draw(fig, {columns = 80, rows = 24, ascii = screen.ascii()})
end

--- Ends gnuplot and removes its data; the next picture starts it again.
function M.close()
  device.close_windows()
  gnuplot.close()
end

return M
