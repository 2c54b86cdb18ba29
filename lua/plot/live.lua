-- SPDX-License-Identifier: GPL-3.0-or-later
-- Pictures that follow a running training: their curves. When they are drawn is said in pace.lua, how
-- in frames.lua.

local figure = require "gradus.plot.figure"
local frames = require "gradus.plot.frames"
local gnuplot = require "gradus.gnuplot"
local make = require "gradus.plot.picture.make"
local pace = require "gradus.plot.pace"
local screen = require "gradus.plot.screen"
local values = require "gradus.plot.values"

local M = {}

local Live = {}
Live.__index = Live
Live.__name = "Live"

-- A series that grows for ever is thinned, its extremes kept.
local most = 20000

local function series_of(live, name)
  local s = live.series[name]
  if not s then
    s = {name = name, x = {}, y = {}, last = 0, n = 0}
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
  s.last, s.n = x or s.last + 1, s.n + 1
  s.x[s.n], s.y[s.n] = s.last, y
  if s.n > most then live:_thin(s) end
end

function Live:_thin(s)
  s.x, s.y = values.thin(s.x, s.y, most // 16)
  s.n = #s.x
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
  self.added = self.added + 1
  if self.added < self.look_at then return self:_take(a, b, c) end
  -- At every 16th of very short steps: what taking a number in costs, and whether a frame is due.
  local clock = self.pace.clock
  local begin = clock()
  self:_take(a, b, c)
  local now, n = clock(), self.added - self.looked_at
  self.pace:count(n * (now - begin))
  local each = math.max((now - self.looked) / n, 1e-7)
  self.looked, self.looked_at = now, self.added
  self.look_at = self.added + math.max(1, math.min(16, math.floor(0.005 / each)))
  self:update()
end

-- The usual case, a number for a curve that is there, without detours.
local function quick(s, y)
  local n = s.n + 1
  s.last, s.n = s.last + 1, n
  s.x[n], s.y[n] = s.last, y
  return n <= most
end

function Live:_take(a, b, c)
  local s = c == nil and self.series[a]
  if s and math.type(b) == "float" and quick(s, b) then return end
  if s and s.n > most then return self:_thin(s) end
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
  return make.figure("plot.live", {title = o.title, xlog = o.xlog, ylog = o.ylog,
    yrange = o.yrange}, {marks = marks, notes = notes, x = {label = o.xlabel, whole = true},
    y = {label = o.ylabel}})
end

local function has_points(live)
  return live.options.figure or #live.order > 0
end

-- Training goes on whatever happens to the picture. f returns false when the frame was dropped, or is not
-- there yet.
local function guarded(live, f, ...)
  local ok, why = pcall(f, ...)
  if not ok then
    if tostring(why):find("interrupted", 1, true) then error(why, 0) end
    live.dead = true
    screen.tell("live picture ended: " .. tostring(why))
  elseif why ~= false then
    live.frames = live.frames + 1
  end
end

local function frame(live)
  return frames.draw(live, live:figure())
end

--- Live:update()
--- Redraws if it is time; `add` does that by itself. For a live picture made with `figure =`.
--- > plot.live({screen = "none", figure = function() return plot.curve({1, 2}) end}):update()
function Live:update()
  if self.done or self.dead or not self.kind then return end
  if self.files and self.pace:may_look() and frames.waits(self) then
    guarded(self, self.pace.measure, self.pace, frames.finish, self)
  elseif not self.files and self.pace:is_due() and has_points(self) and not frames.closed(self) then
    guarded(self, self.pace.measure, self.pace, frame, self)
  end
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
  if not self.dead and not frames.closed(self) then
    if self.kind then
      guarded(self, frames.last, self, self.last)
    elseif self.screen ~= "none" then
      self.last:show()
    end
  end
  return self.last
end

Live.__close = Live.close

function Live:__tostring()
  return ("live picture: %d curves, %d frames, %.3f s"):format(#self.order, self.frames, self.pace.spent)
end

--- plot.live({title, xlabel, ylabel, ylog, window: integer = 2, figure: function}) -> live
--- A picture that follows a training: `l = plot.live{ylabel = "loss"}`, then `l:add("train", loss)`
--- in the loop and `l:close()` after it. With `figure = function() ... end` any figure is
--- redrawn by `l:update()`.
---
--- At most ten frames a second and at most 4 % of the time; frames that would cost more are dropped, the
--- first comes after a quarter of a second. Closing the window ends the picture, not the training. Where there is no terminal and no window, the last frame is saved.
--- > tostring(plot.live({screen = "none"}))
--- live picture: 0 curves, 0 frames, 0.000 s
function M.live(o)
  o = require("gradus.options").read("plot.live", o, {xlabel = "step", ylabel = "loss", window = 2},
    {"title", "ylog", "xlog", "yrange", "figure", "screen", "clock"})
  local live = setmetatable({options = o, series = {}, order = {}, frames = 0,
    added = 0, looked_at = 0, look_at = 1, looked = 0,
    screen = o.screen or screen.now()}, Live)
  live.kind, live.pace = frames.kind(live.screen), pace.new(o.clock or gnuplot.clock)
  live.looked = live.pace.clock()
  return live
end

return M
