-- SPDX-License-Identifier: GPL-3.0-or-later
-- Pictures that follow a running training. A redraw happens at most ten times a
-- second and only when twenty times its cost has passed since the last one, so that
-- plotting takes less than 5 % of the time; frames that would be late are dropped.

local device = require "gradus.plot.device"
local figure = require "gradus.plot.figure"
local gnuplot = require "gradus.gnuplot"
local make = require "gradus.plot.picture.make"
local output = require "gradus.plot.output"
local screen = require "gradus.plot.screen"
local values = require "gradus.plot.values"

local M = {}

local Live = {}
Live.__index = Live
Live.__name = "Live"

local shortest, share = 0.1, 0.05

-- A series that grows for ever is thinned, its extremes kept.
local most = 20000

local function series_of(live, name)
  local s = live.series[name]
  if not s then
    s = {name = name, x = {}, y = {}, last = 0}
    live.series[name] = s
    live.order[#live.order + 1] = s
  end
  return s
end

local function append(live, name, x, y)
  if type(y) ~= "number" then
    if values.is_tensor(y) then y = y:item() else
      error(("live:add: %s: a number expected; got %s"):format(name, type(y)), 0)
    end
  end
  local s = series_of(live, name)
  s.last = x or s.last + 1
  s.x[#s.x + 1], s.y[#s.y + 1] = s.last, y
  if #s.x > most then s.x, s.y = values.thin(s.x, s.y, most // 16) end
end

--- Live:add(name: string, value: number)
--- Adds a point to a curve, `add("train", 0.5)` or `add("train", step, 0.5)`, or to several,
--- `add({train = 0.5, valid = 0.6})` or `add(step, {train = 0.5})`, and redraws if it is time.
--- > l = plot.live({screen = "none"})
--- > l:add("train", 1)
--- > l:add("train", 0.5)
--- > l:figure().marks[1].y
--- {1, 0.5}
function Live:add(a, b, c)
  if type(a) == "string" then
    append(self, a, c ~= nil and b or nil, c ~= nil and c or b)
  else
    local x, t = b ~= nil and a or nil, b or a
    if type(t) ~= "table" then
      error("live:add: expected (name, value), (name, step, value) or a table {name = value}", 2)
    end
    local names = {}
    for name in pairs(t) do names[#names + 1] = tostring(name) end
    table.sort(names)
    for _, name in ipairs(names) do append(self, name, x, t[name]) end
  end
  self:update()
end

local function title_with_status(live)
  return live.options.title
end

--- Live:figure() -> figure
--- What there is so far, as a figure of its own.
--- > l = plot.live({screen = "none", title = "loss"})
--- > l:figure().title
--- loss
function Live:figure()
  if self.options.figure then return self.options.figure() end
  local o, marks, notes = self.options, {}, figure.notes()
  for i, s in ipairs(self.order) do
    local x, y = values.thin(s.x, s.y, 400)
    marks[i] = {kind = "line", x = x, y = y, color = i, name = s.name, lost = true}
    notes:add(values.note(y, s.name))
  end
  return make.figure("plot.live", {title = title_with_status(self), xlog = o.xlog, ylog = o.ylog,
    yrange = o.yrange}, {marks = marks, notes = notes, x = {label = o.xlabel, whole = true},
    y = {label = o.ylabel}})
end

local function has_points(live)
  return live.options.figure or #live.order > 0
end

-- One frame for each kind of screen. Returns false when the frame was dropped.
local draw = {}

-- The window is told and not waited for; if it has not finished the last frame, this one is
-- dropped. A gnuplot that was ended by hand is started once again, not for ever.
function draw.window(live, fig)
  if gnuplot.busy() then return false end
  local pid = gnuplot.pid()
  if live.pid and pid ~= live.pid then
    live.dead = true
    return false
  end
  -- The x11 terminal tells of windows that were closed long ago: there, a closed one comes back.
  local bind = live.screen ~= "x11" and "\nbind \"Close\" \"print 'gradus-closed'\"\n" or nil
  gnuplot.post(device.window_text(fig, live.screen, {window = live.options.window, after = bind}))
  live.pid = gnuplot.pid()
end

local function write(text)
  io.stdout:write(text)
  io.stdout:flush()
end

-- Lines are written over the ones of the frame before.
function draw.text(live, fig)
  local text = output.terminal_text(fig, live.note and 1)
  if live.note then text = text .. "\n" .. live.note end
  local lines, n = {}, 0
  for line in (text .. "\n"):gmatch("([^\n]*)\n") do
    n = n + 1
    lines[n] = line .. "\27[K"
  end
  local up = live.height and ("\27[%dA\r"):format(live.height) or ""
  write(up .. table.concat(lines, "\n") .. "\n\27[J")
  live.height = n
end

-- Room is made once; each picture begins at the place that was remembered.
function draw.sixel(live, fig)
  local bytes = device.sixel(fig, 1.8)
  if not live.height then
    local s = screen.size()
    local rows = s.height > 0 and math.ceil(s.height * (s.rows - 3) / s.rows * 9 / 16 /
      (s.height / s.rows)) or 20
    live.height = math.min(rows, math.max(1, s.rows - 2))
    write(("\n"):rep(live.height) .. ("\27[%dA\r"):format(live.height))
  end
  write("\0277" .. bytes .. "\0278")
end

local function kind_of(live)
  local name = live.screen
  if screen.is_window(name) then return "window" end
  if name == "sixel" then return "sixel" end
  if name == "text" or name == "dumb" then
    local term = os.getenv("TERM") or "dumb"
    return screen.size().output and term ~= "dumb" and "text" or nil
  end
end

-- Training goes on whatever happens to the picture.
local function frame(live)
  local how = live.kind and draw[live.kind]
  if not how or live.dead or not has_points(live) then return end
  local begin = gnuplot.clock()
  local ok, why = pcall(how, live, live:figure())
  if not ok then
    if tostring(why):find("interrupted", 1, true) then error(why, 0) end
    live.dead = true
    screen.tell("live picture ended: " .. tostring(why))
  elseif why ~= false then
    live.frames = live.frames + 1
  end
  local now = gnuplot.clock()
  live.cost = now - begin
  live.spent = live.spent + live.cost
  live.due = now + math.max(shortest, live.cost / share)
end

-- A user who closed the window has seen enough; training goes on. A frame that was on its way may
-- have opened the window again: it is closed for good.
local function closed(live)
  if live.kind ~= "window" or live.frames == 0 or live.dead then return live.dead end
  gnuplot.busy()
  if gnuplot.reply():find("gradus-closed", 1, true) then
    live.dead = true
    gnuplot.post(("set terminal %s %d close\nset terminal unknown\n"):format(live.screen,
      live.options.window))
  end
  return live.dead
end

--- Live:update()
--- Redraws if it is time; `add` does that by itself. For a live picture made with `figure =`.
--- > plot.live({screen = "none", figure = function() return plot.curve({1, 2}) end}):update()
function Live:update()
  if self.done or gnuplot.clock() < self.due then return end
  if not closed(self) then frame(self) end
end

--- Live:status(text: string)
--- A line shown below a live picture drawn with characters.
--- > plot.live({screen = "none"}):status("epoch 3")
function Live:status(text)
  self.note = text and require("gradus.plot.quote").clean(text) or nil
end

--- Live:close() -> figure
--- The last frame, and the whole figure for saving. A window stays open.
--- > l = plot.live({screen = "none"})
--- > l:add("loss", 1)
--- > fig = l:close()
--- > #fig.marks
--- 1
function Live:close()
  if self.done then return self.last end
  self.done = true
  if not has_points(self) then return nil end
  self.last = self:figure()
  if not self.dead and not closed(self) then
    if self.kind == "window" then
      pcall(device.window, self.last, self.screen, {window = self.options.window})
    elseif self.kind == "sixel" then
      frame(self)
      write(("\27[%dB\n"):format(self.height or 0))
    elseif self.kind == "text" then
      frame(self)
    elseif self.screen ~= "none" then
      self.last:show()
    end
  end
  return self.last
end

Live.__close = Live.close

function Live:__tostring()
  return ("live picture: %d curves, %d frames, %.3f s"):format(#self.order, self.frames, self.spent)
end

--- plot.live({title, xlabel, ylabel, ylog, window: integer = 2, figure: function}) -> live
--- A picture that follows a training: `l = plot.live{ylabel = "loss"}`, then `l:add("train", loss)`
--- in the loop and `l:close()` after it. With `figure = function() ... end` any figure is
--- redrawn by `l:update()`.
---
--- At most ten frames a second and under 5 % of the time. Closing the window ends the
--- picture, not the training. Where there is no terminal and no window, the last frame is saved.
--- > tostring(plot.live({screen = "none"}))
--- live picture: 0 curves, 0 frames, 0.000 s
function M.live(o)
  o = require("gradus.options").read("plot.live", o, {xlabel = "step", ylabel = "loss", window = 2},
    {"title", "ylog", "xlog", "yrange", "figure", "screen"})
  local live = setmetatable({options = o, series = {}, order = {}, frames = 0, spent = 0, cost = 0,
    due = 0, screen = o.screen or screen.now()}, Live)
  live.kind = kind_of(live)
  return live
end

return M
